package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.LegalHold;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps requests and holds, and erases nothing. */
final class RememberedErasures implements Erasures {

  private final InstantSource clock;
  private final Map<UUID, Erasure> erasures = new LinkedHashMap<>();
  private final List<LegalHold> holds = new CopyOnWriteArrayList<>();

  RememberedErasures(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Erasure request(ErasureSelection selection, @Nullable String keyPrefix) {
    Erasure erasure =
        new Erasure(
            UUID.randomUUID(),
            selection.org().orgId(),
            selection.field(),
            Integer.toHexString(selection.hashCode()),
            keyPrefix,
            clock.instant(),
            null,
            Map.of("events", 0L),
            null);
    erasures.put(erasure.id(), erasure);
    return erasure;
  }

  @Override
  public synchronized Optional<Erasure> find(UUID id) {
    return Optional.ofNullable(erasures.get(id));
  }

  @Override
  public synchronized LegalHold hold(
      String orgId, @Nullable String caseId, @Nullable String keyPrefix) {
    LegalHold hold = new LegalHold(orgId, caseId, keyPrefix, clock.instant());
    if (holds.stream().noneMatch(one -> isOf(one, orgId, caseId))) {
      holds.add(hold);
    }
    return hold;
  }

  @Override
  public synchronized boolean release(String orgId, @Nullable String caseId) {
    return holds.removeIf(one -> isOf(one, orgId, caseId));
  }

  @Override
  public List<LegalHold> holds() {
    return List.copyOf(holds);
  }

  private static boolean isOf(LegalHold hold, String orgId, @Nullable String caseId) {
    return hold.orgId().equals(orgId) && Objects.equals(hold.caseId(), caseId);
  }
}
