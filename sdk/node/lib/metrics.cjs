// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts, in Prometheus' text format.
'use strict';

const FRAME_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const JOB_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

class Histogram {
  sum = 0;
  count = 0;

  constructor(bounds) {
    this.bounds = bounds;
    this.counts = bounds.map(() => 0);
  }

  observe(value, times = 1) {
    this.sum += value * times;
    this.count += times;
    const at = this.bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.counts[at] += times;
  }

  get average() {
    return this.count ? this.sum / this.count : 0;
  }

  lines(name) {
    let below = 0;
    const buckets = this.bounds.map((bound, i) => `${name}_bucket{le="${bound}"} ${below += this.counts[i]}`);
    return [...buckets, `${name}_bucket{le="+Inf"} ${this.count}`, `${name}_sum ${this.sum}`, `${name}_count ${this.count}`];
  }
}

const escaped = (text) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** A family: its help, its type, its lines. */
function family(name, type, help, lines) {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
}

class Metrics {
  frames = 0;
  hits = 0;
  misses = 0;
  recoveries = 0;
  memoryPeak = 0;
  errors = new Map();
  frameSeconds = new Histogram(FRAME_BUCKETS);
  jobSeconds = new Histogram(JOB_BUCKETS);

  /** `count` frames that took this long together. */
  framesTook(count, seconds) {
    if (count <= 0) return;
    this.frames += count;
    this.frameSeconds.observe(Math.max(seconds, 0) / count, count);
  }

  failed(code) {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  usedMemory(bytes) {
    this.memoryPeak = Math.max(this.memoryPeak, bytes || 0);
  }

  get hitRate() {
    const all = this.hits + this.misses;
    return all ? this.hits / all : 0;
  }

  /** `now`: {depth, running} of the queue. */
  text({ depth, running }) {
    const one = (name, type, help, value) => family(name, type, help, [`${name} ${value}`]);
    const errors = [...this.errors].map(([code, count]) => `kerf_errors_total{code="${escaped(code)}"} ${count}`);
    return `${[
      one('kerf_frames_processed_total', 'counter', 'Frames rendered or processed.', this.frames),
      family('kerf_frame_processing_seconds', 'histogram', 'Time per frame.', this.frameSeconds.lines('kerf_frame_processing_seconds')),
      one('kerf_frame_processing_seconds_average', 'gauge', 'Mean time per frame since the start.', this.frameSeconds.average),
      one('kerf_cache_hits_total', 'counter', 'Look-ups that the cache answered.', this.hits),
      one('kerf_cache_misses_total', 'counter', 'Look-ups that had to be computed.', this.misses),
      one('kerf_cache_hit_rate', 'gauge', 'Part of the look-ups that the cache answered, 0 to 1.', this.hitRate),
      one('kerf_memory_peak_bytes', 'gauge', 'Most memory that one job has used.', this.memoryPeak),
      family('kerf_errors_total', 'counter', 'Jobs and calls that failed, by code.', errors.length ? errors : ['kerf_errors_total 0']),
      one('kerf_recoveries_total', 'counter', 'Jobs that were begun anew after a crash.', this.recoveries),
      one('kerf_queue_depth', 'gauge', 'Jobs that wait.', depth),
      one('kerf_jobs_running', 'gauge', 'Jobs that run.', running),
      family('kerf_job_seconds', 'histogram', 'Time per job, without waiting.', this.jobSeconds.lines('kerf_job_seconds')),
    ].join('\n')}\n`;
  }
}

module.exports = { Metrics };
