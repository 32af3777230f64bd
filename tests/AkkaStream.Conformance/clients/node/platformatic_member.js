// A member of a group with @platformatic/kafka, until it is told to leave or killed. The strategy is the protocol: classic or consumer.
// See README.md one folder up.
import { Consumer } from '@platformatic/kafka'

const [servers, group, topic, protocol] = process.argv.slice(2)
const tell = what => process.stdout.write(`${JSON.stringify(what)}\n`)
const consumer = new Consumer({
  clientId: 'platformatic-member', bootstrapBrokers: servers.split(','), groupId: group, groupProtocol: protocol || 'classic',
  sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000, maxWaitTime: 50, retries: 20, retryDelay: 50
})

const share = () => (consumer.assignments ?? []).filter(a => a.topic === topic).flatMap(a => a.partitions).sort()

// Not every change of its share is an event. A share is told once its stream has asked for the positions: what is written before may come
// twice, fetched from the old position and from the committed one.
let told = ''
let positioned = null
consumer.on('consumer:group:join', () => { positioned = null })
setInterval(() => {
  const owned = share()
  if (told === String(owned) || !owned.every(p => positioned?.includes(p))) return
  told = String(owned)
  tell({ assigned: owned })
}, 50)

process.stdin.once('data', async () => {
  await consumer.close(true)
  tell({ left: true })
  process.exit(0)
})
// An error of the stream ends it, though the member stays in its group: it begins another one. What was being committed then may be.
let committing = null
while (true) {
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: false })
    stream.on('offsets', () => { positioned = share() })
    for await (const m of stream) {
      // A fetch that was under way when the partition went to another member still brings its records, which are that member's to read.
      if (!share().includes(m.partition)) continue
      committing = [m.partition, Number(m.offset), m.value.toString()]
      try {
        await m.commit()
        tell({ read: [committing] })
      } catch (e) {
        tell({ uncommitted: 1, why: e.message })
      }
      committing = null
    }
    break
  } catch (e) {
    process.stderr.write(`${String(e.stack).replaceAll('\n', ' ')}\n`)
    if (committing) tell({ read: [committing] })
    committing = null
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
