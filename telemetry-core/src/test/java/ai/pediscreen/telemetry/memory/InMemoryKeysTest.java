package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.access.KeyStoreContract;
import java.time.Instant;

class InMemoryKeysTest extends KeyStoreContract {

  private Instant now = NOW;
  private final KeyStore keys = new InMemoryKeys(() -> now);

  @Override
  protected KeyStore keys() {
    return keys;
  }

  @Override
  protected void setNow(Instant instant) {
    now = instant;
  }
}
