package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftSettings;
import java.util.List;

final class DriftTest extends DriftContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWatching(
        DriftSettings.standard()
            .withFeatures(List.of(new DriftFeature(DRIFT_FEATURES)))
            .withBy(new DriftFeature(DRIFT_BY)));
  }
}
