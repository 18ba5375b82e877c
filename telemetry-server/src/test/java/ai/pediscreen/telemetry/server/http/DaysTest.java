package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftSettings;
import java.util.stream.Stream;

final class DaysTest extends DaysContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWatching(
        DriftSettings.standard()
            .withFeatures(Stream.of(DRIFT_FEATURES.split(",")).map(DriftFeature::new).toList()));
  }
}
