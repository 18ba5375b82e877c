package ai.pediscreen.telemetry.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is open, and messages until they have arrived. A change of state and its message are
 * one step, so that neither is there without the other.
 *
 * <p>Implementations are safe for use by many threads and, where the store is shared, by many
 * programs. All methods throw {@link ai.pediscreen.telemetry.event.StoreUnavailableException} if
 * the store cannot be reached in time.
 */
public interface AlertStore {

  /**
   * For so long alerts that are over, and messages that have arrived or were given up, are kept.
   */
  Duration KEPT = Duration.ofDays(90);

  /** Says what has changed. */
  @FunctionalInterface
  interface Judgement {
    /**
     * Says it; may take its time.
     *
     * @param known alerts that are open, and those that were resolved within a day
     * @param now the store's time
     */
    AlertChanges of(List<Alert> known, Instant now);
  }

  /**
   * Evaluates the rules, one caller at a time, and stores the changes in one step, with one message
   * for each channel. Also forgets what is older than {@link #KEPT}.
   *
   * @param pause how long after the last judgement the next is wanted
   * @return whether the rules were evaluated; false if it is too early, or another caller is at it
   */
  boolean judge(Duration pause, Set<AlertChannel> channels, Judgement judgement);

  /**
   * Leases the oldest message that is due: no other caller gets it before the lease ends. A message
   * of an alert is not taken while an earlier one of it waits on the same channel.
   *
   * @param lease how long the attempt may take
   * @return it, with the attempt counted; empty if none is due
   */
  Optional<AlertDelivery> take(Set<AlertChannel> channels, Duration lease);

  /** A message that was taken has arrived. */
  void delivered(AlertDelivery delivery);

  /**
   * A message that was taken did not arrive.
   *
   * @param reason why
   * @param pause after which it is due again; null to give it up
   */
  void failed(AlertDelivery delivery, String reason, @Nullable Duration pause);

  /** Open alerts first, then the newest. At most so many. */
  List<Alert> alerts(int limit);

  /** The newest messages first, each once for every channel. At most so many. */
  List<AlertDelivery> deliveries(int limit);

  /** How alerts stand. */
  AlertFigures figures();
}
