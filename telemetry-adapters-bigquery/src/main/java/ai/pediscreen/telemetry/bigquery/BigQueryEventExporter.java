package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.export.AppendReceipt;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.WaitingEvent;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.protobuf.ByteString;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends events through the Storage Write API and days by load jobs. Used by one thread. */
final class BigQueryEventExporter implements EventExporter, AutoCloseable {

  /** Bytes of a batch at most, unless one event alone has more. */
  static final int MAX_BYTES = 1_000_000;

  private final BigQuerySettings settings;
  private final Connections connections;
  private final InstantSource clock;
  private final RowFormat<EventTable.Row> format = new RowFormat<>(EventTable.COLUMNS);
  private final WriteStreams streams;
  private @Nullable String location;

  BigQueryEventExporter(BigQuerySettings settings, Connections connections, InstantSource clock) {
    this.settings = settings;
    this.connections = connections;
    this.clock = clock;
    this.location = settings.location();
    this.streams = new WriteStreams(settings, connections::write, format);
  }

  @Override
  public void prepare() {
    location = new Dataset(settings, connections.rest()).prepare();
  }

  @Override
  public String openStream() {
    return streams.open();
  }

  @Override
  public EncodedRows encode(List<WaitingEvent> events) {
    Instant now = clock.instant();
    ProtoRows.Builder rows = ProtoRows.newBuilder();
    int bytes = 0;
    for (WaitingEvent event : events) {
      EventDocument document = new EventDocument(requireNonNull(event.json(), "json"));
      ByteString row = format.proto(new EventTable.Row(event.reference(), document, now));
      bytes += row.size();
      if (bytes > MAX_BYTES && rows.getSerializedRowsCount() > 0) {
        break;
      }
      rows.addSerializedRows(row);
    }
    return new EncodedRows(rows.getSerializedRowsCount(), rows.build().toByteArray());
  }

  @Override
  public AppendReceipt append(ExportBatch batch, Runnable meanwhile) {
    return streams.append(batch, meanwhile);
  }

  @Override
  public boolean replaceDay(
      String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
    return new DayLoads(settings, connections.rest(), location)
        .load(source, day, aggregates, drift);
  }

  @Override
  public void close() {
    streams.close();
  }
}
