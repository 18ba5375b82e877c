package ai.pediscreen.telemetry.privacy;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Redacts what looks like an identifier of a person before events are stored. {@link PhiRule}
 * defines what is looked for.
 *
 * <p>Every text of an event is looked at, at any depth, and every key that the sender chose. A
 * value that is found is replaced as a whole by its rule's {@link PhiRule#marker() marker}; so is a
 * key, with a number behind the marker if there are several. {@code event_id} and {@code org_id}
 * identify an event, and two events with markers there would be one: if anything is found in them,
 * the event is refused in every mode (but for {@link PhiMode#OFF}).
 *
 * <p>With {@link Pseudonyms}, {@code user_id} and {@code case_id} are replaced by theirs first, at
 * the top of the event and wherever else a key has that name. A program that asks for a case by its
 * id must then ask by the pseudonym.
 *
 * <p>Thread-safe. Nothing changes over its life but the counts.
 */
public final class PhiGuard {

  /** Counted by name; the rest is counted as {@code other}. */
  private static final int MAX_COUNTED = 500;

  private static final String OTHER = "other";

  private final PhiMode mode;
  private final @Nullable Pseudonyms pseudonyms;
  private final Map<PhiFinding, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * A guard that has found nothing yet.
   *
   * @param pseudonyms stand in for ids of users and cases; null to keep those
   */
  public PhiGuard(PhiMode mode, @Nullable Pseudonyms pseudonyms) {
    this.mode = requireNonNull(mode, "mode");
    this.pseudonyms = pseudonyms;
  }

  /** A guard that redacts, and keeps the ids of users and cases. */
  public static PhiGuard redacting() {
    return new PhiGuard(PhiMode.REDACT, null);
  }

  /**
   * The event as it may be kept: the very same if nothing was found. Applied again it changes
   * nothing, unless there are pseudonyms.
   *
   * @param event one that was made by {@link TelemetryEvent#fromMap}, or holds only what JSON can
   * @throws InvalidEventException if the event must not be kept; names fields and rules, no values
   */
  public TelemetryEvent apply(TelemetryEvent event) {
    if (mode == PhiMode.OFF && pseudonyms == null) {
      return event;
    }
    EventWalk walk = new EventWalk(mode != PhiMode.OFF, pseudonyms);
    TelemetryEvent guarded = walk.guarded(event);
    List<PhiFinding> findings = walk.findings();
    if (findings.isEmpty()) {
      return guarded;
    }
    boolean refused = mode == PhiMode.REJECT;
    for (PhiFinding finding : findings) {
      count(finding);
      refused = refused || EventWalk.isIdentity(finding.path());
    }
    if (refused) {
      throw new InvalidEventException(faults(findings));
    }
    return guarded;
  }

  /** What a user's id is stored as: as it was sent, or as its pseudonym if there are pseudonyms. */
  public Set<String> formsOfUser(String userId) {
    return pseudonyms == null ? Set.of(userId) : forms(userId, pseudonyms.user(userId));
  }

  /** What a case's id is stored as: as it was sent, or as its pseudonym if there are pseudonyms. */
  public Set<String> formsOfCase(String caseId) {
    return pseudonyms == null ? Set.of(caseId) : forms(caseId, pseudonyms.caseOf(caseId));
  }

  /**
   * The one form of a case's id that events are stored under from now on: its pseudonym if there
   * are pseudonyms, and a pseudonym as it is.
   */
  public String storedCase(String caseId) {
    return pseudonyms == null || Pseudonyms.isOfCase(caseId) ? caseId : pseudonyms.caseOf(caseId);
  }

  private static Set<String> forms(String id, String pseudonym) {
    return new LinkedHashSet<>(List.of(id, pseudonym));
  }

  /**
   * How often each rule found something at each path, since this guard was made. At most some
   * hundred paths; later ones are counted as {@code other}.
   */
  public Map<PhiFinding, Long> counts() {
    Map<PhiFinding, Long> snapshot = new ConcurrentHashMap<>();
    counts.forEach((finding, count) -> snapshot.put(finding, count.sum()));
    return Map.copyOf(snapshot);
  }

  /**
   * What a text looks like by itself, without a key: for what does not come as part of an event,
   * such as the name of a request. Long text is not taken for free text here.
   */
  public static Optional<PhiRule> find(String text) {
    return Optional.ofNullable(PhiText.find(text));
  }

  /** What an event must be refused for. */
  private List<FieldFault> faults(List<PhiFinding> findings) {
    Set<FieldFault> faults = new LinkedHashSet<>();
    for (PhiFinding finding : findings) {
      if (mode == PhiMode.REJECT || EventWalk.isIdentity(finding.path())) {
        faults.add(new FieldFault(finding.path(), finding.rule().fault()));
      }
    }
    return List.copyOf(faults);
  }

  private void count(PhiFinding finding) {
    LongAdder counter = counts.get(finding);
    if (counter == null) {
      PhiFinding counted =
          counts.size() < MAX_COUNTED ? finding : new PhiFinding(finding.rule(), OTHER);
      counter = counts.computeIfAbsent(counted, unused -> new LongAdder());
    }
    counter.increment();
  }
}
