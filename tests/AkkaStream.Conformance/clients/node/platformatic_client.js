// @platformatic/kafka.
import zlib from 'node:zlib'
import { Admin, Consumer, Producer, compatibilityPartitioner } from '@platformatic/kafka'
import { Refused, b64, raw, serve, within } from './lines.js'

const wait = 30_000
let options, admin

/** The first code of the broker in an error, which may hold others. */
function codeOf(e) {
  for (const at of [e, e.cause, ...(e.errors ?? [])]) {
    if (!at) continue
    if (typeof at.apiCode === 'number') return at.apiCode
    if (at !== e && codeOf(at) !== null) return codeOf(at)
  }
  return null
}

const textOf = e => `${e.name}: ${e.message}${e.errors ? ' (' + e.errors.map(textOf).join('; ') + ')' : ''}`

async function ask(promise) {
  try {
    return await promise
  } catch (e) {
    throw new Refused(codeOf(e), textOf(e))
  }
}

const entries = configs => Object.entries(configs).map(([name, value]) => ({ name, value }))

serve({
  async hello({ servers }) {
    options = { clientId: 'platformatic', bootstrapBrokers: [servers], retries: 3, retryDelay: 100, autocreateTopics: false }
    admin = new Admin(options)
    const codecs = ['none', 'gzip', 'snappy', 'lz4', ...(zlib.zstdCompressSync ? ['zstd'] : [])]
    const can = ['produce', 'offset', 'topics', 'create', 'grow', 'delete', 'describe', 'alter', 'idempotent', 'group', 'consumer group']
    return { client: '@platformatic/kafka 1.35.0', codecs, can }
  },

  async produce({ topic, records, acks = -1, codec = 'none', idempotent = false }) {
    const producer = new Producer({ ...options, acks, compression: codec, idempotent, partitioner: compatibilityPartitioner })
    try {
      const placed = []
      for (const r of records) {
        const message = { topic, key: raw(r.k), value: raw(r.v), headers: new Map((r.h ?? []).map(([name, value]) => [Buffer.from(name), raw(value)])) }
        if (r.p !== null && r.p !== undefined) message.partition = r.p
        if (r.t !== null && r.t !== undefined) message.timestamp = BigInt(r.t)
        const { offsets } = await ask(producer.send({ messages: [message] }))
        placed.push(offsets ? [offsets[0].partition, Number(offsets[0].offset)] : [r.p ?? -1, -1])
      }
      return placed
    } finally {
      await producer.close()
    }
  },

  async offset({ topic, partition, time }) {
    const [found] = await ask(admin.listOffsets({ topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: BigInt(time) }] }] }))
    return Number(found.partitions[0].offset)
  },

  async topics() {
    const names = await ask(admin.listTopics({ includeInternals: true }))
    const { topics } = await ask(admin.metadata({ topics: names, forceUpdate: true }))
    return Object.fromEntries([...topics].filter(([, t]) => t).map(([name, t]) => [name, t.partitionsCount]))
  },

  create: ({ topic, partitions, replication = 1, configs = {} }) =>
    ask(admin.createTopics({ topics: [topic], partitions, replicas: replication, configs: entries(configs) })).then(() => null),

  grow: ({ topic, partitions }) => ask(admin.createPartitions({ topics: [{ name: topic, count: partitions, assignments: null }] })),

  delete: ({ topic }) => ask(admin.deleteTopics({ topics: [topic] })),

  async describe({ topic }) {
    const [found] = await ask(admin.describeConfigs({
      resources: [{ resourceType: 2, resourceName: topic, configurationKeys: null }], includeSynonyms: false, includeDocumentation: false
    }))
    return Object.fromEntries(found.configs.map(c => [c.name, c.value]))
  },

  alter: ({ topic, configs }) =>
    ask(admin.incrementalAlterConfigs({
      resources: [{ resourceType: 2, resourceName: topic, configs: entries(configs).map(c => ({ ...c, configOperation: 0 })) }], validateOnly: false
    })),

  async group({ group, topic, count, protocol = 'classic' }) {
    const consumer = new Consumer({ ...options, groupId: group, groupProtocol: protocol, maxWaitTime: 100 })
    const taken = []
    try {
      const stream = await ask(consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: false }))
      await within(wait, (async () => {
        for await (const m of stream) {
          const headers = [...m.headers].map(([name, value]) => [name.toString(), b64(value)])
          taken.push({ p: m.partition, o: Number(m.offset), k: b64(m.key), v: b64(m.value), t: Number(m.timestamp), h: headers })
          await m.commit()
          if (taken.length === count) break
        }
      })(), 'group')
      await stream.close()
      return taken
    } finally {
      await consumer.close(true)
    }
  }
})
