import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { shortTime } from '../format/clock.ts';
import styles from './charts.module.css';
import type { Chart } from './series.ts';
import { stacked } from './stacked.ts';
import { valueText } from './value-text.ts';

const HEIGHT_PX = 150;

interface Props {
  readonly chart: Chart;
  readonly times: readonly number[];
}

/** What is drawn: counts as bars on top of each other, measures as points with a line. Hidden from whoever does not see. */
export function ChartCanvas({ chart, times }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useThemeChanges();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours of the tokens are others in another theme
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const plot = new uPlot(optionsFor(chart, current), dataFor(chart, times), current);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: current.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(current);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [chart, times, theme]);
  return <div ref={place} className={styles.canvas} aria-hidden />;
}

/** How often the colours have changed. */
function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const changed = () => setChanges((before) => before + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    system.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}

function dataFor({ series, unit }: Chart, times: readonly number[]): uPlot.AlignedData {
  const values = series.map((one) => one.values);
  const drawn = unit === 'count' ? stacked(values) : values;
  return [[...times], ...drawn.map((line) => [...line])];
}

function optionsFor({ series, unit }: Chart, place: HTMLElement): uPlot.Options {
  const ink = colorOf(place, '--ink-soft');
  const grid = { stroke: colorOf(place, '--line'), width: 1 };
  const bars = uPlot.paths.bars?.({ size: [0.75, 40], align: 1 });
  return {
    width: place.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    // Half of a time that stands under the end.
    padding: [null, 40, null, null],
    scales: {
      x: { time: true },
      y: { range: (_plot, _least, most) => [0, Math.max(unit === 'count' ? 1 : 0.001, (most ?? 0) * 1.1)] },
    },
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: grid,
        space: 75,
        size: 32,
        values: (_plot, ticks) => ticks.map((tick) => shortTime(new Date(tick * 1_000), Date.now())),
      },
      {
        stroke: ink,
        grid,
        ticks: { show: false },
        size: 54,
        values: (_plot, ticks) => ticks.map((tick) => valueText(tick, unit)),
        ...(unit === 'count' ? { incrs: WHOLE } : {}),
      },
    ],
    series: [
      {},
      ...series.map(({ label, tone }) => {
        const stroke = colorOf(place, `--${tone}`);
        return unit === 'count' && bars !== undefined
          ? { label, stroke, fill: stroke, width: 0, paths: bars, points: { show: false } }
          : { label, stroke, width: 2, spanGaps: true, points: { show: true, size: 6, fill: stroke } };
      }),
    ],
  };
}

/** Nothing happens half a time. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** What a token is in the theme of the moment: a canvas knows no tokens. */
function colorOf(place: HTMLElement, token: string): string {
  const before = place.style.color;
  place.style.color = `var(${token})`;
  const { color } = getComputedStyle(place);
  place.style.color = before;
  return color;
}
