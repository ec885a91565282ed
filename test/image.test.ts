import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { settings } from '../src/config.ts'
import { root } from './support/service.ts'

const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8')
const { club } = (parse(read('compose.yaml')) as { services: Record<string, Record<string, unknown>> }).services

test('the image runs without root and without a compiler, and asks itself whether it is well', () => {
  const [, run = ''] = read('Dockerfile').split(/^# Run: /m)
  expect(run).toMatch(/^FROM node:\d+-\w+-slim$/m)
  const instructions = run.split('\n').filter((line) => /^[A-Z]+ /.test(line))
  expect(instructions.indexOf('USER node')).toBeGreaterThan(instructions.findLastIndex((line) => /^(?:RUN|COPY) /.test(line)))
  expect(run).toContain('/readyz')
  expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.env', 'data', '.git']))
})

test('compose gives it a read-only root, no capability and no way to more rights', () => {
  expect(club).toMatchObject({
    read_only: true,
    tmpfs: '/tmp',
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: ['data:/data'],
  })
  expect(club).not.toHaveProperty('privileged')
  expect(club).not.toHaveProperty('user')
})

test('compose passes every secret on, and holds none', () => {
  const passed = club?.environment as Record<string, string>
  const secrets = Object.keys(settings).filter((name) => /(?:TOKEN|SECRET|KEY|KEY_OLD)$/.test(name))
  expect(secrets.length).toBeGreaterThan(7)
  for (const name of secrets) expect([name, passed[name]]).toEqual([name, `\${${name}:-}`])
})
