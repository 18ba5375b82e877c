package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertChanges;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertFigures;
import ai.pediscreen.telemetry.alert.AlertMessage;
import ai.pediscreen.telemetry.alert.AlertStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps alerts in memory. Thread-safe: one lock guards all of it, and another the judgement. */
public final class InMemoryAlerts implements AlertStore {

  private static final Duration KNOWN = Duration.ofDays(1);

  private final InstantSource clock;
  private final ReentrantLock judging = new ReentrantLock();
  private final Map<UUID, Alert> alerts = new LinkedHashMap<>();
  private final List<AlertDelivery> deliveries = new ArrayList<>();
  private @Nullable Instant judged;

  /**
   * Empty.
   *
   * @param clock says when a message is due
   */
  public InMemoryAlerts(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean judge(Duration pause, Set<AlertChannel> channels, Judgement judgement) {
    if (judging.isHeldByCurrentThread() || !judging.tryLock()) {
      return false;
    }
    try {
      Instant now = clock.instant();
      Instant last = judgedAt();
      if (last != null && now.isBefore(last.plus(pause))) {
        return false;
      }
      store(judgement.of(known(now), now), channels, now);
      return true;
    } finally {
      judging.unlock();
    }
  }

  @Override
  public synchronized Optional<AlertDelivery> take(Set<AlertChannel> channels, Duration lease) {
    Instant now = clock.instant();
    return deliveries.stream()
        .filter(one -> channels.contains(one.channel()) && one.isWaiting())
        .filter(one -> !one.due().isAfter(now) && isFirst(one))
        .findFirst()
        .map(
            one ->
                replace(
                    one,
                    found ->
                        new AlertDelivery(
                            found.message(),
                            found.channel(),
                            found.attempts() + 1,
                            now.plus(lease),
                            null,
                            null,
                            found.failure())));
  }

  @Override
  public synchronized void delivered(AlertDelivery delivery) {
    Instant now = clock.instant();
    replace(
        delivery,
        one ->
            new AlertDelivery(
                one.message(), one.channel(), one.attempts(), one.due(), now, null, null));
  }

  @Override
  public synchronized void failed(AlertDelivery delivery, String reason, @Nullable Duration pause) {
    Instant now = clock.instant();
    replace(
        delivery,
        one ->
            one.isWaiting()
                ? new AlertDelivery(
                    one.message(),
                    one.channel(),
                    one.attempts(),
                    pause == null ? now : now.plus(pause),
                    null,
                    pause == null ? now : null,
                    reason)
                : one);
  }

  @Override
  public synchronized List<Alert> alerts(int limit) {
    return alerts.values().stream()
        .sorted(
            Comparator.comparing(Alert::isOpen)
                .reversed()
                .thenComparing(Comparator.comparing(Alert::opened).reversed()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<AlertDelivery> deliveries(int limit) {
    List<AlertDelivery> newest = new ArrayList<>(deliveries);
    Collections.reverse(newest);
    return newest.stream().limit(limit).toList();
  }

  @Override
  public synchronized AlertFigures figures() {
    Instant now = clock.instant();
    List<AlertDelivery> waiting = deliveries.stream().filter(AlertDelivery::isWaiting).toList();
    return new AlertFigures(
        alerts.values().stream().filter(Alert::isOpen).count(),
        waiting.size(),
        deliveries.stream().filter(one -> one.parked() != null).count(),
        waiting.isEmpty() ? Duration.ZERO : Duration.between(waiting.get(0).message().at(), now),
        judged == null ? Duration.ZERO : Duration.between(judged, now));
  }

  private synchronized @Nullable Instant judgedAt() {
    return judged;
  }

  private synchronized List<Alert> known(Instant now) {
    return alerts.values().stream()
        .filter(one -> one.resolved() == null || one.resolved().isAfter(now.minus(KNOWN)))
        .toList();
  }

  private synchronized void store(AlertChanges changes, Set<AlertChannel> channels, Instant now) {
    judged = now;
    changes.alerts().forEach(one -> alerts.put(one.id(), one));
    for (AlertMessage message : changes.messages()) {
      for (AlertChannel channel : channels) {
        deliveries.add(new AlertDelivery(message, channel, 0, now, null, null, null));
      }
    }
    Instant oldest = now.minus(KEPT);
    alerts.values().removeIf(one -> one.resolved() != null && one.resolved().isBefore(oldest));
    deliveries.removeIf(one -> !one.isWaiting() && one.message().at().isBefore(oldest));
  }

  /** Whether no earlier message of its alert waits on its channel. */
  private boolean isFirst(AlertDelivery delivery) {
    for (AlertDelivery one : deliveries) {
      if (one.equals(delivery)) {
        return true;
      }
      if (one.isWaiting()
          && one.channel() == delivery.channel()
          && one.message().alert().id().equals(delivery.message().alert().id())) {
        return false;
      }
    }
    return true;
  }

  private AlertDelivery replace(AlertDelivery delivery, UnaryOperator<AlertDelivery> change) {
    for (int i = 0; i < deliveries.size(); i++) {
      AlertDelivery one = deliveries.get(i);
      if (one.message().id().equals(delivery.message().id())
          && one.channel() == delivery.channel()) {
        AlertDelivery changed = change.apply(one);
        deliveries.set(i, changed);
        return changed;
      }
    }
    return delivery;
  }
}
