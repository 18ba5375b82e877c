package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.export.AppendReceipt;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.WaitingEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import ai.pediscreen.telemetry.warehouse.WarehouseProvider;
import ai.pediscreen.telemetry.warehouse.WarehouseReport;
import ai.pediscreen.telemetry.warehouse.WarehouseSetting;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A second kind of warehouse, which no line of the server knows. It keeps the ids of events in
 * memory, and answers questions as if it had none.
 */
public final class Shelf implements WarehouseProvider {

  /** Ids of the events that have arrived. */
  static final List<String> ARRIVED = new CopyOnWriteArrayList<>();

  private static final String SERVICES = "META-INF/services/" + WarehouseProvider.class.getName();

  /** Runs what it is given as if a module that brings the shelf were on the class path. */
  static void onClassPath(Path directory, Runnable test) throws IOException {
    Path services = directory.resolve(SERVICES);
    Files.createDirectories(services.getParent());
    Files.writeString(services, Shelf.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader withShelf =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      thread.setContextClassLoader(withShelf);
      test.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public String name() {
    return "Shelf";
  }

  @Override
  public List<WarehouseSetting> settings() {
    return List.of(
        new WarehouseSetting("SHELF_ROOM", "unset", false, "the room where it stands"),
        new WarehouseSetting("SHELF_KEY", "unset; secret", true, "opens the room"));
  }

  @Override
  public WarehouseAddress read(Map<String, String> values) {
    if (!values.containsKey("SHELF_KEY")) {
      throw new IllegalArgumentException("SHELF_KEY must be set\nSHELF_ROOM is locked");
    }
    return new Address(String.valueOf(values.get("SHELF_ROOM")));
  }

  private record Address(String room) implements WarehouseAddress {

    @Override
    public String place() {
      return "room " + room;
    }

    @Override
    public Warehouse open() {
      return new Opened();
    }
  }

  private static final class Opened implements Warehouse {

    @Override
    public EventExporter exporter() {
      return new Exporter();
    }

    @Override
    public UsageQueries usage() {
      return new InMemoryTelemetry();
    }

    @Override
    public ExportedEvents events() {
      return (selection, holds) -> 0;
    }

    @Override
    public List<String> prepare() {
      return List.of("board");
    }

    @Override
    public WarehouseReport inspect() {
      return new WarehouseReport(true, null, List.of(), List.of(), "ask for the key");
    }

    @Override
    public void close() {}
  }

  private static final class Exporter implements EventExporter {

    @Override
    public void prepare() {}

    @Override
    public String openStream() {
      return "board";
    }

    @Override
    public EncodedRows encode(List<WaitingEvent> events) {
      return new EncodedRows(1, events.get(0).reference().eventId().getBytes(UTF_8));
    }

    @Override
    public AppendReceipt append(ExportBatch batch, Runnable meanwhile) {
      ARRIVED.add(new String(batch.rows().bytes(), UTF_8));
      meanwhile.run();
      return new AppendReceipt.Appended();
    }

    @Override
    public boolean replaceDay(
        String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
      return true;
    }
  }
}
