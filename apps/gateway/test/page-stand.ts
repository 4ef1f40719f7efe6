import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemoryBus } from '@parallax/bus';
import { PATIENCE_MS, requireProgram } from '@parallax/testing';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import type { GatewayService } from '../src/index.js';
import { MarketFeeder } from './market-feeder.js';
import { makeBus, pause, ports, startGateway } from './running-gateway.js';

const DASHBOARD = fileURLToPath(new URL('../../dashboard', import.meta.url));
/** The built page, of this spec alone: a build empties its folder first, and another spec would serve nothing meanwhile. */
export const PAGE = mkdtempSync(join(tmpdir(), 'parallax-page-'));
export const SCREENSHOTS = process.env.PARALLAX_SCREENSHOTS;

/** A gateway with its page on a market that moves, and a browser to look at it. */
export class PageStand {
  bus!: MemoryBus;
  gateway!: GatewayService;
  feeder!: MarketFeeder;
  browser!: Browser;
  feeding = true;
  /** What the pages said on their consoles. */
  readonly troubles: string[] = [];

  async start(): Promise<void> {
    execFileSync('npx', ['vite', 'build', '--logLevel', 'error', '--outDir', PAGE, '--emptyOutDir'], { cwd: DASHBOARD });
    this.bus = await makeBus();
    this.gateway = await startGateway(this.bus, { pageDirectory: PAGE });
    this.feeder = new MarketFeeder(this.bus, () => ports.clock.nowUs());
    await this.feeder.list();
    for (let i = 0; i < 50; i++) this.feeder.tick();
    this.feed();
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'];
    this.browser = await chromium.launch({ executablePath: requireProgram('chromium'), args, timeout: PATIENCE_MS });
  }

  async stop(): Promise<void> {
    this.feeding = false;
    await this.browser?.close();
    await this.gateway?.stop();
    await this.bus?.drain();
    rmSync(PAGE, { recursive: true, force: true });
  }

  feed(): void {
    if (!this.feeding) return;
    this.feeder.tick();
    ports.timers.after(100, () => this.feed());
  }

  async open(width: number, colorScheme: 'dark' | 'light' = 'dark', language?: string, of = this.gateway): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale: 'en-GB' });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    // What Chromium says on a machine without a language (LANG=C): Intl refuses it, and the chart with it.
    const script = `Object.defineProperty(navigator, 'language', { value: ${JSON.stringify(language)}, configurable: true })`;
    if (language !== undefined) await page.addInitScript(script);
    page.on('console', (line) => line.type() === 'error' && this.troubles.push(line.text()));
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    await page.goto(of.address);
    await page.locator('#connection', { hasText: /^(Live|Silent)$/ }).waitFor();
    return page;
  }
}

/** For people to look at, where PARALLAX_SCREENSHOTS names a folder: the page, or a part of it, at both widths. */
export async function picture(page: Page, name: string, part?: Locator): Promise<void> {
  if (!SCREENSHOTS) return;
  const wide = page.viewportSize()!;
  for (const width of part ? [wide.width] : [1280, 390]) {
    await page.setViewportSize({ ...wide, width });
    await pause(600);
    const options = { path: `${SCREENSHOTS}/${name}-${width}.png` };
    await (part ? part.screenshot(options) : page.screenshot({ ...options, fullPage: true }));
  }
  await page.setViewportSize(wide);
}
