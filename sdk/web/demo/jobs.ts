// SPDX-License-Identifier: LGPL-2.1-or-later
// Exports, here and on the server: progress, stopping, the file.

const list = document.querySelector<HTMLElement>('#jobs')!;

export class Job {
  private readonly box = document.createElement('div');
  private readonly label = document.createElement('span');
  private readonly bar = document.createElement('progress');
  private readonly action = document.createElement('span');

  constructor(
    private readonly name: string,
    stop: () => void,
  ) {
    const button = document.createElement('button');
    button.textContent = 'Stop';
    button.onclick = stop;
    this.action.append(button);
    this.box.className = 'job';
    this.label.textContent = name;
    this.box.append(this.label, this.action, this.bar);
    list.prepend(this.box);
  }

  progress(part: number): void {
    this.bar.value = part;
    this.label.textContent = `${this.name}: ${Math.round(part * 100)} %`;
  }

  done(url: string, file: string, what: string): void {
    const link = document.createElement('a');
    link.href = url;
    link.download = file;
    link.textContent = 'Save';
    this.end(`${this.name}: ${what}`, link);
  }

  failed(message: string): void {
    this.box.classList.add('failed');
    this.end(`${this.name}: ${message}`);
  }

  private end(text: string, ...action: Node[]): void {
    this.label.textContent = text;
    this.action.replaceChildren(...action);
    this.bar.remove();
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Exports in this page. */
export async function exportHere(run: (signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<Uint8Array<ArrayBuffer>>) {
  const stop = new AbortController();
  const job = new Job('In this page', () => stop.abort());
  const began = performance.now();
  try {
    const bytes = await run(stop.signal, (done, total) => job.progress(done / total));
    const took = ((performance.now() - began) / 1000).toFixed(1);
    job.done(URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' })), 'chat.mp4', `${megabytes(bytes.length)} in ${took} s`);
  } catch (error) {
    job.failed((error as Error).message);
  }
}

interface Answer {
  id: string;
  state: string;
  progress?: { frame: number; frames: number } | null;
  result?: { fileSize: number; renderTimeMs: number } | null;
  error?: { message: string } | null;
}

/** Follows a job of examples/reel-server by its events. */
function follow(server: string, id: string, job: Job): void {
  const events = new EventSource(`${server}/jobs/${id}/events`);
  events.onmessage = ({ data }) => {
    const answer = JSON.parse(data) as Answer;
    if (answer.progress?.frames) job.progress(answer.progress.frame / answer.progress.frames);
    if (['queued', 'running'].includes(answer.state)) return;
    events.close();
    const { result } = answer;
    if (result) job.done(`${server}/jobs/${id}/video`, 'chat.mp4', `${megabytes(result.fileSize)} in ${(result.renderTimeMs / 1000).toFixed(1)} s`);
    else job.failed(answer.error?.message ?? answer.state);
  };
  events.onerror = () => {
    events.close();
    job.failed('the server is gone');
  };
}

/** Asks the example server for the film of a config. */
export async function renderOnServer(server: string, config: object): Promise<void> {
  let stop = () => {};
  const job = new Job('On the server', () => stop());
  try {
    const response = await fetch(`${server}/jobs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(config) });
    const answer = (await response.json()) as Answer & { message?: string };
    if (!response.ok) return job.failed(answer.message ?? `the server answered ${response.status}`);
    stop = () => void fetch(`${server}/jobs/${answer.id}`, { method: 'DELETE' });
    follow(server, answer.id, job);
  } catch {
    job.failed(`no server at ${server}; start it with: make reel-server`);
  }
}
