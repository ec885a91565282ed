// Purpose: what can be typed here, in the member's language.
import { command } from './handler.ts'

export const help = command({
  name: 'help',
  input: {},
  async run({ t, organiser }) {
    const lines = Object.entries(t.commands)
      .filter(([name]) => organiser || name !== 'club')
      .map(([, { label, description }]) => `- \`/${label}\` ${description}`)
    return { title: t.help.title, text: `${t.help.intro}\n\n${lines.join('\n')}\n\n${t.help.outro}` }
  },
})
