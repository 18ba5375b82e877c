package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A store that answers nothing until it is released. */
public final class HangingStore implements EventStore, UsageQueries {

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile String thread = "";

  /** Waits until somebody hangs. */
  public void awaitAsked() throws InterruptedException {
    asked.await();
  }

  /** The name of the thread that asked last to append. */
  public String thread() {
    return thread;
  }

  public void release() {
    released.countDown();
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    thread = Thread.currentThread().getName();
    hang();
    return telemetry.append(events);
  }

  @Override
  public Overview overview(UsageFilter filter) {
    hang();
    return telemetry.overview(filter);
  }

  @Override
  public List<ModelUsage> models(UsageFilter filter, int limit) {
    hang();
    return telemetry.models(filter, limit);
  }

  @Override
  public CallReport errors(UsageFilter filter, int limit) {
    hang();
    return telemetry.errors(filter, limit);
  }

  @Override
  public CallReport fallbacks(UsageFilter filter, int limit) {
    hang();
    return telemetry.fallbacks(filter, limit);
  }

  @Override
  public List<UsagePoint> series(UsageFilter filter) {
    hang();
    return telemetry.series(filter);
  }

  @Override
  public List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    hang();
    return telemetry.organisations(org, after, limit);
  }

  private void hang() {
    asked.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
