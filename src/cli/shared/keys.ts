/** Names of keys. */

/** The Linux kernel's names without `KEY_`, from code 1 on; `-` where a code has none. */
const linux = `
  ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER LEFTCTRL A S D
  F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH Z X C V B N M COMMA DOT SLASH RIGHTSHIFT KPASTERISK
  LEFTALT SPACE CAPSLOCK F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK KP7 KP8 KP9 KPMINUS KP4 KP5 KP6 KPPLUS
  KP1 KP2 KP3 KP0 KPDOT - ZENKAKUHANKAKU 102ND F11 F12 RO KATAKANA HIRAGANA HENKAN KATAKANAHIRAGANA MUHENKAN
  KPJPCOMMA KPENTER RIGHTCTRL KPSLASH SYSRQ RIGHTALT LINEFEED HOME UP PAGEUP LEFT RIGHT END DOWN PAGEDOWN INSERT
  DELETE MACRO MUTE VOLUMEDOWN VOLUMEUP POWER KPEQUAL KPPLUSMINUS PAUSE SCALE KPCOMMA HANGEUL HANJA YEN LEFTMETA
  RIGHTMETA COMPOSE STOP AGAIN PROPS UNDO FRONT COPY OPEN PASTE FIND CUT HELP MENU CALC SETUP SLEEP WAKEUP FILE
  SENDFILE DELETEFILE XFER PROG1 PROG2 WWW MSDOS - - CYCLEWINDOWS MAIL BOOKMARKS COMPUTER BACK FORWARD CLOSECD
  EJECTCD EJECTCLOSECD NEXTSONG PLAYPAUSE PREVIOUSSONG STOPCD RECORD REWIND PHONE ISO CONFIG HOMEPAGE REFRESH EXIT
  MOVE EDIT SCROLLUP SCROLLDOWN KPLEFTPAREN KPRIGHTPAREN NEW REDO F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24
  - - - - - PLAYCD PAUSECD PROG3 PROG4 - SUSPEND CLOSE PLAY FASTFORWARD BASSBOOST PRINT HP CAMERA SOUND QUESTION
  EMAIL CHAT SEARCH CONNECT FINANCE SPORT SHOP ALTERASE CANCEL BRIGHTNESSDOWN BRIGHTNESSUP MEDIA SWITCHVIDEOMODE
  KBDILLUMTOGGLE KBDILLUMDOWN KBDILLUMUP SEND REPLY FORWARDMAIL SAVE DOCUMENTS BATTERY BLUETOOTH WLAN UWB UNKNOWN
  VIDEO_NEXT VIDEO_PREV BRIGHTNESS_CYCLE - DISPLAY_OFF - RFKILL
`;

let codes: Map<string, number> | undefined;

function linuxCodes(): ReadonlyMap<string, number> {
  if (codes === undefined) {
    const words = linux.trim().split(/\s+/);
    codes = new Map(words.map((name, index) => [`KEY_${name}`, index + 1] as const));
    codes.delete("KEY_-");
  }
  return codes;
}

/** The sets of key codes that libvirt knows, by its numbers. */
export const codesets = [
  "linux",
  "xt",
  "atset1",
  "atset2",
  "atset3",
  "os_x",
  "xt_kbd",
  "usb",
  "win32",
  "qnum",
] as const;

/** Names of the keys of a code set; of all sets but Linux's, only the numbers are known here. */
export function keyNames(codeset: number): string[] {
  return codeset === 0 ? [...linuxCodes().keys()] : [];
}

/** The code of a key: its name in that set, or a number. Undefined for anything else. */
export function keyCode(word: string, codeset: number): number | undefined {
  const named = codeset === 0 ? linuxCodes().get(word) : undefined;
  if (named !== undefined) return named;
  if (!/^(0x[0-9a-f]{1,4}|[0-9]{1,5})$/i.test(word)) return undefined;
  const code = Number(word);
  return code <= 0xffff ? code : undefined;
}
