package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;
import org.junit.jupiter.api.AfterEach;

@RunsGoogleSql
class BigQueryUsageQueriesTest extends UsageQueriesContract {

  private final Evaluator evaluator = new Evaluator();
  private final EventStore store = new ExportedEvents(evaluator);
  private final UsageQueries queries = new BigQueryUsageQueries(evaluator, Evaluator.SETTINGS);

  @AfterEach
  void close() {
    evaluator.close();
  }

  @Override
  protected int shortenedBy() {
    return 5;
  }

  @Override
  protected EventStore store() {
    return store;
  }

  @Override
  protected UsageQueries queries() {
    return queries;
  }
}
