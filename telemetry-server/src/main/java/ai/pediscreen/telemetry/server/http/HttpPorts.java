package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.UsageChanges;
import java.time.InstantSource;
import java.util.Set;

/** What the HTTP server depends on, and does not close. */
public record HttpPorts(
    Events events, Usage usage, Days days, Alerts alerts, Access access, Operation operation) {

  /**
   * Single events.
   *
   * @param committer where they go
   * @param guard what each must pass before
   * @param archive where they are read back
   * @param search where one is looked for
   */
  public record Events(
      GroupCommitter committer, PhiGuard guard, EventArchive archive, EventSearch search) {}

  /**
   * Figures over a window.
   *
   * @param queries where answers come from
   * @param store what the store of events itself says: which organisations there are
   * @param changes whether anything has changed
   * @param history since when models are called with what
   */
  public record Usage(
      UsageQueries queries, UsageQueries store, UsageChanges changes, ModelHistory history) {}

  /**
   * Figures of days, and drift.
   *
   * @param aggregates where they come from
   * @param baselines what days are compared with for good
   * @param jobs where requests to compute a day go
   */
  public record Days(DailyAggregateStore aggregates, DriftBaselines baselines, JobQueue jobs) {}

  /**
   * Alerts.
   *
   * @param store where they are kept
   * @param channels where their messages go
   */
  public record Alerts(AlertStore store, Set<AlertChannel> channels) {

    public Alerts {
      channels = Set.copyOf(channels);
    }
  }

  /**
   * Who may do what, and what was done.
   *
   * @param keys not asked if no keys are required
   * @param erasures where requests to erase events go, and legal holds are kept
   * @param audit where what requests do is entered
   */
  public record Access(KeyStore keys, Erasures erasures, AuditTrail audit) {}

  /**
   * How it runs.
   *
   * @param readiness what {@code /readyz} says
   * @param metrics where requests and refused events are counted
   * @param clock the time that windows end at and answers bear
   */
  public record Operation(Readiness readiness, TelemetryMetrics metrics, InstantSource clock) {}
}
