// A member of a group with kafkajs, until it is told to leave or killed. See README.md one folder up.
import { Kafka, logLevel } from 'kafkajs'

const [servers, group, topic] = process.argv.slice(2)
const tell = what => process.stdout.write(`${JSON.stringify(what)}\n`)
const kafka = new Kafka({ clientId: 'kafkajs-member', brokers: servers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 20, initialRetryTime: 50 } })
const consumer = kafka.consumer({ groupId: group, sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 50 })

consumer.on(consumer.events.GROUP_JOIN, e => tell({ assigned: (e.payload.memberAssignment[topic] ?? []).sort() }))
consumer.on(consumer.events.REBALANCING, () => tell({ assigned: [] }))
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch, isRunning, isStale }) => {
    if (!isRunning() || isStale() || batch.messages.length === 0) return
    const next = String(BigInt(batch.messages.at(-1).offset) + 1n)
    try {
      await consumer.commitOffsets([{ topic, partition: batch.partition, offset: next }])
      tell({ read: batch.messages.map(m => [batch.partition, Number(m.offset), m.value.toString()]) })
    } catch (e) {
      tell({ uncommitted: batch.messages.length, why: e.message })
      throw e
    }
  }
})
process.stdin.once('data', async () => {
  await consumer.disconnect()
  tell({ left: true })
  process.exit(0)
})
