import type { Settings } from './settings.ts';

/**
 * What the settings mean, in Chinese, for README.zh-CN.md: by key, so that a setting without one does not compile. Names
 * and defaults come from the table (table.ts).
 */
export const CHINESE_MEANINGS: Record<keyof Settings, string> = {
  urls: '目标地址；多个用逗号分隔，第 i 个连接使用第 i mod n 个',
  profile:
    '`smoke` 100 个连接，10 s；`development` 1,000 个，每批 50 个，5 min；`standard` 10,000 个，每批 100 个，20 min；`production` 50,000 个，每批 200 个，60 min；`soak` 10,000 个，60 min。单项设置优先于预设',
  connections: '峰值连接数；`capacity` 中是最多尝试到多少个',
  batchSize: '每批同时发起的连接数',
  batchDelayMs: '相邻两批的间隔',
  holdMs: '全部连接建立之后的保持时间',
  handshakeTimeoutMs: '握手超过这个时间即计为失败，之后成功也不算',
  readyTimeoutMs: '握手之后登录超过这个时间即计为失败，之后成功也不算',
  conversation:
    '`echo`：回复就是消息本身；`listen`：不发送；`send-only`：只发送，不对回复下结论；`socket.io`、`graphql-transport-ws`、`mqtt`、`stomp`、`json-rpc`：登录并保持（[docs/protocols.md](docs/protocols.md)）；或者自己编写的模块的路径（[docs/conversations.md](docs/conversations.md)）',
  usersFile:
    '带表头的 CSV，或由对象组成的 JSON 数组：第 i 个连接使用第 i mod 行数 行；`WS_URL`、`WS_HEADERS`、`WS_SUBPROTOCOL` 中的 `{column}` 取该列的值（`{{` 表示花括号本身）',
  messageIntervalMs: '同一连接上两条消息的间隔，`churn` 中最多为 `WS_LIFETIME` 的四分之一；各连接的起始相位随机',
  messageTimeoutMs: '回复超过这个时间即计为失败，之后到达也不算',
  messageSize: '`echo` 与 `send-only` 每条消息的字节数，含消息 ID',
  subprotocol: '握手时请求的子协议；多个用逗号分隔',
  headers: '握手请求头，写成 JSON 对象',
  compression: '`true`：握手时提出 permessage-deflate',
  ip: '`4`、`6` 或 `any`：域名解析到哪种地址。直接写另一种地址会报错',
  socketsPerVu: '每个 VU 持有的连接数（`multiplexed`、`tiers`、`capacity` 和 `reconnect`）',
  minConnectSuccess: '目标：建立成功的连接占比，写作 `0.95` 或 `95%`；`reconnect` 中是至少就绪过一次的客户端占比',
  minReady: '目标：已建立的连接中完成登录的占比；未设置时同上',
  minHeld:
    '目标：已就绪的连接中一直保持到测试主动关闭的占比，`reconnect` 中是结束时在线的客户端占比；未设置时同建连成功率',
  minMessageSuccess: '目标：按时得到回复的消息占比',
  maxRoundTripMs: '目标：往返时间的 95 分位',
  minDelivery: '目标：保持阶段内，带 `reach` 的请求应送达他人的消息中实际送达的占比',
  maxDeliveryTimeMs: '目标：从打上时间戳到送达的时间的 95 分位',
  maxConnectTimeMs: '目标：成功握手中最慢的一次',
  maxEstablishTimeMs: '目标：建立全部连接所用的时间',
  maxMemoryBytes: '目标：k6 的常驻内存峰值',
  resultsDir:
    '已存在的目录，写入 `summary.json`、`junit.xml` 和 `report.html`（`npm start` 会自动创建）；未设置则不写文件',
  trace: '从第一个连接起，记录收发帧的连接数；编写会话模块时用',
  generatorAddress: '本次 k6 提供自身数据的地址（`--address` 加 `--profiling-enabled`）：内存由此读取',
  targetMetrics:
    '被测服务器以 Prometheus 文本格式提供自身数据的地址，多个用逗号分隔：运行期间一并读取其内存、CPU 和打开的文件数（[docs/monitoring.md](docs/monitoring.md#the-target-beside-the-run)）',
  hostMetrics:
    '提供压测机数据的地址：`npm start`、`run-processes.mjs` 和 `run-concurrent.ps1` 自动提供，其他方式用 k6 所在主机上的 Prometheus node_exporter',
  tiers: '各档的连接数，由小到大（用于 `tiers`，代替 WS_CONNECTIONS）',
  tierHoldMs: '每档的保持时间（用于 `tiers`，代替 WS_HOLD）',
  tierPauseMs: '两档之间的停顿，让端口得以回收（仅 `tiers`）',
  step: '每一步增加的连接数（仅 `capacity`）；未设置时为 WS_CONNECTIONS 的十分之一；最多 50 步',
  stepHoldMs: '每一步保持并判定的时间（用于 `capacity`，代替 WS_HOLD）',
  rate: '每秒新建的连接数（仅 `churn`）；需要 速率 ×（寿命 + 1s）个 VU，最多 50,000 个',
  lifetimeMs: '单个连接的寿命，含握手（仅 `churn`）',
  churnMs: '持续新建连接的时间（仅 `churn`）',
  backoff: '客户端重连前的首次等待和最长等待（仅 `reconnect`）；连续失败时每次加倍',
  jitter: '`full`：等待其中随机的一段；`none`：等满，所有客户端会同时回来（仅 `reconnect`）',
  maxAttempts: '每次中断中尝试多少次后放弃（仅 `reconnect`）；未设置则一直尝试',
  maxRecoveryMs: '目标：断开的客户端全部在这段时间内重新就绪（仅 `reconnect`）',
  minAvailability: '目标：客户端处于就绪状态的时间占比（仅 `reconnect`）',
  compareWith:
    '用来对比的分批运行的 `summary.json`（仅 `storm`）；相对路径先在输入命令的目录找，再到脚本所在目录及其上一级目录找',
  cloudProject: '`k6 cloud run` 的项目编号',
};
