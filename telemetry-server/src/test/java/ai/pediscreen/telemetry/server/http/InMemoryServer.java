package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.job.InProcessJobQueue;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.memory.InMemoryAlerts;
import ai.pediscreen.telemetry.memory.InMemoryKeys;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.access.ConnectionLimits;
import ai.pediscreen.telemetry.server.http.access.SenderRates;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.server.price.PriceFile;
import ai.pediscreen.telemetry.server.price.PriceList;
import ai.pediscreen.telemetry.server.price.PricedEvents;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The server over a store in memory, or over a store that a test makes misbehave. */
public final class InMemoryServer implements ServerUnderTest {

  private static final Set<String> CORS_ORIGINS = Set.of("https://pediscreen.example");

  private static final ConnectionLimits CONNECTIONS = new ConnectionLimits(1_000, 900);

  private static final PriceList PRICES = PriceFile.read(ServerUnderTest.PRICES);

  private final TelemetryMetrics metrics = new TelemetryMetrics();
  private final SettableClock clock;
  private final KeyStore keys;
  private final GroupCommitter committer;
  private final JobQueue jobs;
  private final RememberedAudit audit;
  private final AuditTrail trail;
  private final TelemetryHttpServer server;

  private InMemoryServer(
      EventStore store, UsageQueries queries, Readiness readiness, boolean authRequired) {
    this(
        newClock(),
        PhiGuard.redacting(),
        store,
        new InMemoryTelemetry(newClock()),
        new InMemoryTelemetry(newClock()),
        queries,
        new InMemoryTelemetry(newClock()),
        DriftSettings.standard(),
        readiness,
        authRequired,
        SenderRates.UNLIMITED,
        0);
  }

  private InMemoryServer(
      SettableClock clock, PhiGuard guard, InMemoryTelemetry all, boolean authRequired, int port) {
    this(clock, guard, all, DriftSettings.standard(), authRequired, port);
  }

  private InMemoryServer(
      SettableClock clock,
      PhiGuard guard,
      InMemoryTelemetry all,
      DriftSettings drift,
      boolean authRequired,
      int port) {
    this(
        clock,
        guard,
        all,
        all,
        all,
        all,
        all,
        drift,
        List::of,
        authRequired,
        SenderRates.UNLIMITED,
        port);
  }

  private InMemoryServer(
      SettableClock clock,
      PhiGuard guard,
      EventStore store,
      EventArchive archive,
      InMemoryTelemetry all,
      UsageQueries queries,
      InMemoryTelemetry days,
      DriftSettings drift,
      Readiness readiness,
      boolean authRequired,
      SenderRates rates,
      int port) {
    this.clock = clock;
    this.keys = new InMemoryKeys(clock);
    this.committer =
        new GroupCommitter(new PricedEvents(PRICES, metrics.counting(store)), 1, 20_000);
    metrics.watch(committer);
    this.jobs = new InProcessJobQueue(new DailyAggregation(days)::compute, List.of());
    metrics.watch(days, jobs);
    this.audit = new RememberedAudit(clock);
    this.trail = new AuditTrail(audit, clock);
    this.server =
        new TelemetryHttpServer(
            new HttpServerSettings(
                "pedi-telemetry",
                new HttpServerSettings.Listening("127.0.0.1", port, null, CONNECTIONS),
                new HttpServerSettings.Senders(authRequired, rates, CORS_ORIGINS),
                new HttpServerSettings.Features(true, Duration.ofSeconds(1), false),
                new HttpServerSettings.Drift(drift, DriftIncidents.standard())),
            new HttpPorts(
                new HttpPorts.Events(committer, guard, archive, all),
                new HttpPorts.Usage(queries, queries, all, all),
                new HttpPorts.Days(days, days, jobs),
                new HttpPorts.Alerts(new InMemoryAlerts(clock), Set.of()),
                new HttpPorts.Access(keys, new RememberedErasures(clock), trail),
                new HttpPorts.Operation(readiness, metrics, clock)));
    try {
      server.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public static InMemoryServer start() {
    return startAt(0);
  }

  static InMemoryServer startAt(int port) {
    SettableClock clock = newClock();
    return new InMemoryServer(
        clock, PhiGuard.redacting(), new InMemoryTelemetry(clock), false, port);
  }

  static InMemoryServer startWatching(DriftSettings settings) {
    SettableClock clock = newClock();
    return new InMemoryServer(
        clock, PhiGuard.redacting(), new InMemoryTelemetry(clock, settings), settings, false, 0);
  }

  public static InMemoryServer startWithKeys() {
    SettableClock clock = newClock();
    return new InMemoryServer(clock, PhiGuard.redacting(), new InMemoryTelemetry(clock), true, 0);
  }

  public static InMemoryServer startWith(SenderRates rates, boolean authRequired) {
    SettableClock clock = newClock();
    InMemoryTelemetry all = new InMemoryTelemetry(clock);
    return new InMemoryServer(
        clock,
        PhiGuard.redacting(),
        all,
        all,
        all,
        all,
        all,
        DriftSettings.standard(),
        List::of,
        authRequired,
        rates,
        0);
  }

  public static InMemoryServer startWith(PhiGuard guard) {
    SettableClock clock = newClock();
    return new InMemoryServer(clock, guard, new InMemoryTelemetry(clock), false, 0);
  }

  static InMemoryServer startOverStore(EventStore store) {
    return new InMemoryServer(store, new InMemoryTelemetry(), List::of, false);
  }

  static InMemoryServer startOverQueries(UsageQueries queries) {
    return new InMemoryServer(new InMemoryTelemetry(), queries, List::of, false);
  }

  static InMemoryServer startOverArchive(EventArchive archive) {
    SettableClock clock = newClock();
    InMemoryTelemetry rest = new InMemoryTelemetry(clock);
    return new InMemoryServer(
        clock,
        PhiGuard.redacting(),
        rest,
        archive,
        rest,
        rest,
        rest,
        DriftSettings.standard(),
        List::of,
        false,
        SenderRates.UNLIMITED,
        0);
  }

  public static InMemoryServer startWith(Readiness readiness) {
    InMemoryTelemetry telemetry = new InMemoryTelemetry();
    return new InMemoryServer(telemetry, telemetry, readiness, false);
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public SettableClock clock() {
    return clock;
  }

  @Override
  public KeyStore keys() {
    return keys;
  }

  @Override
  public List<String> routes() {
    return server.routes();
  }

  TelemetryHttpServer server() {
    return server;
  }

  RememberedAudit audit() {
    return audit;
  }

  /** What {@code /metrics} would say. */
  public String scrape() {
    return metrics.scrape();
  }

  int queuedEvents() {
    return committer.queuedEvents();
  }

  /** Waits until so many events are queued and the first of them has been for so long. */
  void awaitQueued(int events, Duration wait) {
    Waiting.until(
        events + " events are queued",
        Duration.ofSeconds(30),
        () -> queuedEvents() >= events && committer.oldestWait().compareTo(wait) >= 0);
  }

  @Override
  public void close() {
    server.close();
    trail.close();
    jobs.close();
    committer.close();
    metrics.close();
  }

  private static SettableClock newClock() {
    return new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
  }
}
