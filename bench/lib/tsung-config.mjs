/**
 * The benchmark's load as a tsung configuration: the same ramp, life, message rate and size.
 *
 * @param {{ port: number, connections: number, rampSeconds: number, lifeSeconds: number, intervalSeconds: number }} load
 * @returns {string} XML.
 */
export function tsungConfig({ port, connections, rampSeconds, lifeSeconds, intervalSeconds }) {
  // Arrivals are random and fall behind their rate; the phase ends when all users are there, or after 60 s.
  // The first message comes after half an interval on average, as with the others.
  const messages = Math.max(1, Math.floor(lifeSeconds / intervalSeconds));
  const message = `{"id":"10000000-10000000","pad":"${'x'.repeat(29)}"}`;
  return `<?xml version="1.0"?>
<!DOCTYPE tsung SYSTEM "/usr/share/tsung/tsung-1.0.dtd">
<tsung loglevel="error" version="1.0">
  <clients><client host="localhost" use_controller_vm="true" maxusers="${connections * 2}"/></clients>
  <servers><server host="127.0.0.1" port="${port}" type="tcp"/></servers>
  <load>
    <arrivalphase phase="1" duration="60" unit="second">
      <users maxnumber="${connections}" arrivalrate="${Math.ceil(connections / rampSeconds)}" unit="second"/>
    </arrivalphase>
  </load>
  <sessions>
    <session name="hold" probability="100" type="ts_websocket">
      <request><websocket type="connect" path="/"/></request>
      <thinktime min="1" max="${Math.max(2, intervalSeconds)}" random="true"/>
      <for from="1" to="${messages}" var="n">
        <request><websocket type="message">${message.replaceAll('"', '&quot;')}</websocket></request>
        <thinktime value="${intervalSeconds}"/>
      </for>
      <request><websocket type="close"/></request>
    </session>
  </sessions>
</tsung>
`;
}
