// Purpose: every word that the page itself says, in both languages; what the club says comes from the server.
// @ts-check

/** @typedef {'ko' | 'en'} Language */

const ko = {
  skipToChannel: '대화로 건너뛰기',
  skipToSay: '명령 입력으로 건너뛰기',
  header: '스터디 방',
  channel: '대화',
  desk: '명령',
  menu: '메뉴',
  member: '나는',
  memberLong: '누구로 참여할지 고르기',
  exampleMembers: '예시 멤버',
  newName: '새 이름…',
  nameLabel: '새 이름',
  nameOk: '들어가기',
  nameRule: '이름은 글자, 숫자, -, _ 로 1~32자까지 쓸 수 있어요.',
  cancel: '취소',
  otherLanguage: 'English',
  otherLanguageTag: 'en',
  nextMorning: '다음 날 아침',
  inAnHour: '한 시간 뒤',
  clockTitle: '클럽의 시계',
  onlyYou: '나에게만 보임',
  newMessages: (/** @type {number} */ count) => `새 메시지 ${count}개`,
  empty: '아직 올라온 글이 없어요. 아래에서 / 를 눌러 명령을 골라 보세요.',
  offline: '서버에 닿지 못했어요. 서버가 켜져 있는지 보고 다시 눌러 주세요.',
  reconnecting: '연결이 끊겨서 다시 잇고 있어요…',
  openImage: '그림 크게 보기',
  say: '명령 쓰기',
  placeholder: '/ 로 명령 고르기',
  send: '보내기',
  openPalette: '명령 목록 열기',
  palette: '명령 목록',
  run: '실행',
  none: '고르지 않음',
  required: '필수',
  fillThis: '이 칸을 채워 주세요.',
  tooLong: (/** @type {number} */ max) => `${max}자까지 쓸 수 있어요.`,
  pickDate: '달력에서 고르기',
  dateExample: '3 또는 2026-03-09',
  noPlaceFor: (/** @type {string} */ rest) => `“${rest}” 부분을 어디에 써야 할지 모르겠어요. 빈칸이 든 값은 따옴표로 감싸 주세요.`,
  onlyCommands: '이 방은 / 로 시작하는 명령만 알아들어요.',
  checkinWith: '이 글로 인증하기',
  hints: '처음이라면',
  hintAnswer: '① 질문에 답하기',
  hintBoard: '② 순위 보기',
  hintMorning: '③ 다음 날 아침',
  hideHints: '안내 그만 보기',
}

/** @type {typeof ko} */
const en = {
  skipToChannel: 'Skip to the channel',
  skipToSay: 'Skip to the command line',
  header: 'Study room',
  channel: 'Channel',
  desk: 'Commands',
  menu: 'Menu',
  member: 'I am',
  memberLong: 'Choose who you are here',
  exampleMembers: 'Example members',
  newName: 'New name…',
  nameLabel: 'New name',
  nameOk: 'Join',
  nameRule: 'A name is 1 to 32 letters, digits, - or _.',
  cancel: 'Cancel',
  otherLanguage: '한국어',
  otherLanguageTag: 'ko',
  nextMorning: 'Next morning',
  inAnHour: 'In an hour',
  clockTitle: 'The club’s clock',
  onlyYou: 'Only you see this',
  newMessages: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  empty: 'Nothing here yet. Press / below to choose a command.',
  offline: 'The server did not answer. See that it is running, then try again.',
  reconnecting: 'The connection was lost; reconnecting…',
  openImage: 'Open the picture full size',
  say: 'Write a command',
  placeholder: 'Type / for commands',
  send: 'Send',
  openPalette: 'Open the list of commands',
  palette: 'Commands',
  run: 'Run',
  none: 'Not chosen',
  required: 'required',
  fillThis: 'Please fill this in.',
  tooLong: (max) => `At most ${max} characters.`,
  pickDate: 'Pick from a calendar',
  dateExample: '3 or 2026-03-09',
  noPlaceFor: (rest) => `I don’t know where “${rest}” belongs. Put a value with spaces in quotes.`,
  onlyCommands: 'This room only hears commands, which start with /.',
  checkinWith: 'Check in with this text',
  hints: 'New here?',
  hintAnswer: '① Answer',
  hintBoard: '② Board',
  hintMorning: '③ Next morning',
  hideHints: 'Hide these hints',
}

const all = { ko, en }
const key = 'onepercent.language'

/** @type {Language} */
let current = startLanguage()

export const words = () => all[current]
export const language = () => current

/** @param {Language} next */
export const setLanguage = (next) => {
  current = next
  localStorage.setItem(key, next)
}

/** The language of a text from the club, told by its script, so that a screen reader picks the right voice.
 * @param {string} text
 * @returns {Language} */
export const languageOf = (text) => (/[\u3131-\u318e\uac00-\ud7a3]/.test(text) ? 'ko' : 'en')

/** @returns {Language} */
function startLanguage() {
  const kept = localStorage.getItem(key)
  if (kept === 'ko' || kept === 'en') return kept
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'ko' || tag === 'en')
  return known === 'en' ? 'en' : 'ko'
}
