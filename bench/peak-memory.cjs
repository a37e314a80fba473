// Loaded into the measured program by NODE_OPTIONS: writes its peak memory, in bytes, to a file when it ends.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  writeFileSync(process.env.L9_BENCH_PEAK_FILE, String(peak()));
});

/** VmHWM, since Linux hands the parent's maxRSS down to what it starts; only elsewhere is maxRSS our own. */
function peak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) * 1024;
}
