package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.alert.AlertStoreContract;
import java.time.Instant;

class InMemoryAlertsTest extends AlertStoreContract {

  private Instant now = NOW;
  private final AlertStore store = new InMemoryAlerts(() -> now);

  @Override
  protected AlertStore store() {
    return store;
  }

  @Override
  protected void setNow(Instant instant) {
    now = instant;
  }
}
