package ai.pediscreen.telemetry.export;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A place that takes every event, and keeps their ids. */
public final class ExportedIds implements EventExporter {

  private final BlockingQueue<String> ids = new LinkedBlockingQueue<>();

  /** The next one that arrives; null if none does in that time. */
  public @Nullable String next(Duration patience) throws InterruptedException {
    return ids.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void prepare() {}

  @Override
  public String openStream() {
    return "s";
  }

  @Override
  public EncodedRows encode(List<WaitingEvent> events) {
    String lines =
        events.stream().map(one -> one.reference().eventId()).collect(Collectors.joining("\n"));
    return new EncodedRows(events.size(), lines.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public AppendReceipt append(ExportBatch batch, Runnable meanwhile) {
    meanwhile.run();
    new String(batch.rows().bytes(), StandardCharsets.UTF_8).lines().forEach(ids::add);
    return new AppendReceipt.Appended();
  }

  @Override
  public boolean replaceDay(
      String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
    return true;
  }
}
