// Commands in, answers out, one JSON object a line. See README.md one folder up.
import readline from 'node:readline'

/** The broker's answer is an error, with its code if the client tells it. */
export class Refused extends Error {
  constructor(code, text) {
    super(text)
    this.code = code
  }
}

export const b64 = value => (value === null || value === undefined ? null : Buffer.from(value).toString('base64'))

export const raw = value => (value === null || value === undefined ? null : Buffer.from(value, 'base64'))

export const within = (ms, promise, what) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms).unref())])

export async function serve(commands) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { do: name, ...command } = JSON.parse(line)
    let answer
    try {
      answer = { ok: (await commands[name](command)) ?? null }
    } catch (e) {
      answer = e instanceof Refused ? { error: e.code, text: e.message } : { error: null, text: `${e.name}: ${e.message}`, trace: e.stack }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  process.exit(0)
}
