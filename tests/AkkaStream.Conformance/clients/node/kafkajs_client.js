// kafkajs. It brings gzip; snappy and lz4 are plugged in as its documentation says.
import kafkajs from 'kafkajs'
import snappy from 'kafkajs-snappy'
import { lz4Compress, lz4Decompress } from '@platformatic/wasm-utils'
import { Refused, b64, raw, serve, within } from './lines.js'

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, Partitioners, logLevel } = kafkajs
const wait = 30_000
CompressionCodecs[CompressionTypes.Snappy] = snappy
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async encoder => lz4Compress(encoder.buffer),
  decompress: async buffer => lz4Decompress(buffer)
})

let kafka, admin

/** The first code of the broker in an error, which may be wrapped in others. */
function codeOf(e) {
  for (let at = e; at; at = at.cause ?? at.originalError ?? at.errors?.[0]) if (typeof at.code === 'number') return at.code
  return null
}

async function ask(promise) {
  try {
    return await promise
  } catch (e) {
    throw new Refused(codeOf(e), `${e.name}: ${e.message}${e.errors ? ' ' + e.errors.map(x => x.message) : ''}`)
  }
}

const bytes = headers => Object.entries(headers ?? {}).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map(v => [name, b64(v)]))

serve({
  async hello({ servers }) {
    kafka = new Kafka({ clientId: 'kafkajs', brokers: [servers], logLevel: logLevel.NOTHING, retry: { retries: 3 } })
    admin = kafka.admin()
    await admin.connect()
    const can = ['produce', 'offset', 'topics', 'create', 'grow', 'delete', 'describe', 'alter', 'idempotent', 'group']
    return { client: 'kafkajs 2.2.4', codecs: ['none', 'gzip', 'snappy', 'lz4'], can }
  },

  async produce({ topic, records, acks = -1, codec = 'none', idempotent = false }) {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent, allowAutoTopicCreation: false })
    await producer.connect()
    try {
      const compression = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy, lz4: CompressionTypes.LZ4 }[codec]
      const placed = []
      // One send for each record: kafkajs tells the first offset of a partition only.
      for (const r of records) {
        const headers = {}
        for (const [name, value] of r.h ?? []) headers[name] = name in headers ? [].concat(headers[name], raw(value)) : raw(value)
        const message = { key: raw(r.k), value: raw(r.v), headers }
        if (r.p !== null && r.p !== undefined) message.partition = r.p
        if (r.t !== null && r.t !== undefined) message.timestamp = String(r.t)
        const [answer] = await ask(producer.send({ topic, acks, compression, messages: [message] }))
        placed.push(acks === 0 ? [r.p ?? -1, -1] : [answer.partition, Number(answer.baseOffset)])
      }
      return placed
    } finally {
      await producer.disconnect()
    }
  },

  async offset({ topic, partition, time }) {
    if (time >= 0) return Number((await ask(admin.fetchTopicOffsetsByTimestamp(topic, time))).find(p => p.partition === partition).offset)
    const found = (await ask(admin.fetchTopicOffsets(topic))).find(p => p.partition === partition)
    return Number(time === -2 ? found.low : found.high)
  },

  async topics() {
    const { topics } = await ask(admin.fetchTopicMetadata())
    return Object.fromEntries(topics.map(t => [t.name, t.partitions.length]))
  },

  create: ({ topic, partitions, replication = 1, configs = {} }) =>
    ask(admin.createTopics({
      topics: [{
        topic, numPartitions: partitions, replicationFactor: replication,
        configEntries: Object.entries(configs).map(([name, value]) => ({ name, value }))
      }]
    })).then(created => {
      // A topic that exists is no error to kafkajs: it answers false.
      if (!created) throw new Refused(36, 'the topic exists')
    }),

  grow: ({ topic, partitions }) => ask(admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] })).then(() => null),

  delete: ({ topic }) => ask(admin.deleteTopics({ topics: [topic], timeout: 10_000 })),

  async describe({ topic }) {
    const { resources } = await ask(admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] }))
    return Object.fromEntries(resources[0].configEntries.map(e => [e.configName, e.configValue]))
  },

  alter: ({ topic, configs }) =>
    ask(admin.alterConfigs({
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })) }]
    })).then(() => null),

  async group({ group, topic, count }) {
    const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 })
    const taken = []
    await consumer.connect()
    try {
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await within(wait, new Promise((resolve, reject) => {
        consumer.on(consumer.events.CRASH, e => reject(e.payload.error))
        consumer.run({
          autoCommit: true, autoCommitThreshold: 1,
          eachMessage: async ({ partition, message }) => {
            if (taken.length >= count) return
            taken.push({ p: partition, o: Number(message.offset), k: b64(message.key), v: b64(message.value), t: Number(message.timestamp), h: bytes(message.headers) })
            if (taken.length === count) resolve()
          }
        }).catch(reject)
      }), 'group')
      return taken
    } finally {
      await consumer.disconnect()
    }
  }
})
