import { expect, it } from 'vitest';
import { hostFiguresIn } from '../../../lib/generator/host-figures.ts';

it('reads what node_exporter tells, of its interfaces those that are no inner ones', () => {
  const text = `node_time_seconds 1.7e+09
node_cpu_seconds_total{cpu="0",mode="idle"} 100
node_cpu_seconds_total{cpu="0",mode="iowait"} 5
node_cpu_seconds_total{cpu="0",mode="user"} 20
node_cpu_seconds_total{cpu="1",mode="idle"} 110
node_cpu_seconds_total{cpu="1",mode="system"} 15
node_memory_MemTotal_bytes 8e+09
node_memory_MemAvailable_bytes 5e+09
node_network_receive_bytes_total{device="lo"} 10
node_network_receive_bytes_total{device="eth0"} 100
node_network_receive_bytes_total{device="docker0"} 1000
node_network_receive_bytes_total{device="veth12"} 1000
node_network_transmit_bytes_total{device="eth0"} 7
node_netstat_Tcp_CurrEstab 33
node_sockstat_TCP_tw 4
`;
  expect(hostFiguresIn(text)).toEqual({
    atMs: 1.7e12,
    cpu: { all: 250, busy: 35, cores: 2 },
    memory: { used: 3e9, all: 8e9 },
    network: { received: 110, sent: 7 },
    tcp: { established: 33, time_wait: 4 },
    k6Cpu: null,
    k6Memory: null,
  });
});

it('reads all states of TCP where they are told, and k6', () => {
  const text = `node_netstat_Tcp_CurrEstab 33
node_tcp_connection_states{state="established"} 30
node_tcp_connection_states{state="close_wait"} 3
k6_process_cpu_seconds_total 1.5
k6_process_resident_memory_bytes 2e8
process_resident_memory_bytes 1
`;
  expect(hostFiguresIn(text)).toMatchObject({
    cpu: null,
    memory: null,
    network: null,
    tcp: { established: 30, close_wait: 3 },
    k6Cpu: 1.5,
    k6Memory: 2e8,
  });
});
