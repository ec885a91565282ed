import { expect, test } from 'vitest'
import { commands } from '../../src/features/index.ts'
import { testClub } from './life.ts'

test('/help names every command in the member’s language', async () => {
  const club = await testClub()
  const ko = await club.says('host', '/도움말')
  const en = await club.says('host', '/help', {}, 'en')
  for (const word of ['오늘', '레슨', '인증', '투표', '연속', '순위', '휴식', '설정', '내데이터', '클럽', '도움말'])
    expect(ko.text).toContain(`\`/${word}\``)
  for (const { name } of commands) expect(en.text).toContain(`\`/${name}\``)
})
