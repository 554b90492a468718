import { faultFields, type Log } from '../log.ts';
import { noTracing, type Tracing } from './job-trace.ts';
import { traceSettings } from './trace-settings.ts';

/**
 * The tracing that the environment asks for. The libraries are loaded only where it asks for some; what is wrong with
 * the settings is logged, and keeps no runner from its work.
 */
export async function openTracing(
  environment: NodeJS.ProcessEnv,
  runnerId: string,
  log: Log,
): Promise<Tracing> {
  const settings = traceSettings(environment);
  if (settings.kind === 'off') {
    if (settings.fault !== undefined)
      log('warn', 'traces_off', { setting: settings.fault, next: A_COLLECTOR });
    return noTracing;
  }
  try {
    const { OtlpTracing } = await import('./otlp-tracing.ts');
    const tracing = new OtlpTracing(settings, runnerId, log);
    if (settings.ignored.length > 0) log('warn', 'traces_settings_ignored', { settings: settings.ignored });
    log('info', 'traces_on', { collector: settings.endpoint.host });
    return tracing;
  } catch (error) {
    log('warn', 'traces_off', faultFields(error));
    return noTracing;
  }
}

const A_COLLECTOR = 'set it to the http or https URL of an OTLP collector';
