package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;

import com.google.gson.JsonObject;
import com.google.rpc.Code;
import com.google.rpc.Status;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A BigQuery on this machine, over real HTTP and real gRPC: one project, its datasets and tables,
 * write streams and load jobs. It refuses what the service would refuse: paths and members it does
 * not know, fields that do not fit the schema, requests that are too large, offsets out of order,
 * streams that are not there, a job id used twice.
 *
 * <p>What it cannot show is what only the service has: permissions, TLS, quotas, cost, and how long
 * a change takes to be seen everywhere.
 *
 * <p>Thread-safe: one lock guards all of it.
 */
public final class FakeBigQuery implements AutoCloseable {

  static {
    // Else each answer waits tens of milliseconds for more to go with it.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** A stream: the table it belongs to and how many rows it has taken. */
  private static final class FakeStream {
    private final String table;
    private long end;

    FakeStream(String table) {
      this.table = table;
    }
  }

  /**
   * What goes wrong with one append.
   *
   * @param status what ends the connection in place of an answer; null for nothing
   * @param afterWriting whether the rows are written all the same
   * @param silent whether the answer is kept back
   */
  public record Fault(@Nullable Status status, boolean afterWriting, boolean silent) {

    /** Nothing goes wrong. */
    public static final Fault NONE = new Fault(null, false, false);

    /** The request is lost, as by a fault of the service. */
    public static final Fault REQUEST_LOST = before(Code.ABORTED, "lost before it was written");

    /** The rows are written and the answer is lost, as by a fault of the service. */
    public static final Fault ANSWER_LOST = after(Code.INTERNAL, "lost after it was written");

    /** The request does not arrive. */
    static Fault before(Code code, String message) {
      return new Fault(status(code, message), false, false);
    }

    /** The rows are written, and the answer is lost. */
    static Fault after(Code code, String message) {
      return new Fault(status(code, message), true, false);
    }

    private static Status status(Code code, String message) {
      return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }
  }

  private final String project;
  private final HttpServer rest;
  private final ExecutorService restThreads = Executors.newFixedThreadPool(4);
  private final Server write;

  private final Map<String, JsonObject> datasets = new HashMap<>();
  private final Map<String, FakeTable> tables = new HashMap<>();
  private final Map<String, FakeStream> streams = new LinkedHashMap<>();
  private final Map<String, JsonObject> jobs = new LinkedHashMap<>();
  private final Map<String, JsonObject> uploads = new HashMap<>();
  private int streamsOpened;
  private int appends;
  private LongFunction<Fault> faults = offset -> Fault.NONE;
  private Function<String, @Nullable String> restRefusals = request -> null;
  private @Nullable Status streamRefusal;
  private Set<String> refusedEvents = Set.of();
  private Set<String> deniedPermissions = Set.of();

  private FakeBigQuery(String project) {
    this.project = project;
    try {
      rest = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      rest.createContext("/", new FakeRestApi(this));
      rest.setExecutor(restThreads);
      rest.start();
      write =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .maxInboundMessageSize(64_000_000)
              .intercept(FakeWriteApi.routing())
              .addService(new FakeWriteApi(this))
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one without any dataset. */
  public static FakeBigQuery start(String project) {
    return new FakeBigQuery(project);
  }

  public String project() {
    return project;
  }

  /** Where its REST API is. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + rest.getAddress().getPort());
  }

  /** Where its Storage Write API is. */
  public URI writeEndpoint() {
    return URI.create("http://127.0.0.1:" + write.getPort());
  }

  /** How to reach it. */
  public BigQuerySettings settings() {
    return BigQuerySettings.of(project, BigQuerySettings.DEFAULT_DATASET)
        .withEndpoints(endpoint(), writeEndpoint());
  }

  /** The rows of a table of the default dataset, in the order in which they came. */
  public synchronized List<Map<String, Object>> rows(String table) {
    FakeTable known = tables.get(key(BigQuerySettings.DEFAULT_DATASET, table));
    return known == null ? List.of() : List.copyOf(known.rows());
  }

  /**
   * The values of a column of a table of the default dataset, as text, in the order of its rows.
   */
  public List<String> values(String table, String column) {
    return rows(table).stream().map(row -> String.valueOf(row.get(column))).toList();
  }

  /** The resource of a table of the default dataset. */
  synchronized JsonObject resource(String table) {
    FakeTable known = tables.get(key(BigQuerySettings.DEFAULT_DATASET, table));
    return known == null ? new JsonObject() : known.resource();
  }

  /** Puts a table there that somebody else has made. */
  synchronized void putTable(String dataset, String table, JsonObject resource) {
    datasets.putIfAbsent(dataset, datasetResource(dataset));
    tables.put(key(dataset, table), new FakeTable(resource));
  }

  /** Puts a row into a table of the default dataset, as if it had been exported before. */
  synchronized void addRow(String table, JsonObject row) {
    FakeTable known =
        requireNonNull(tables.get(key(BigQuerySettings.DEFAULT_DATASET, table)), table);
    known.rows().add(known.row(row));
  }

  /** What goes wrong with each append, by its offset, from now on. */
  public synchronized void faults(LongFunction<Fault> plan) {
    faults = plan;
  }

  /**
   * All requests to the REST API are refused from now on: {@code "<status> <reason> <message>"}.
   */
  public void refuseRest(String refusal) {
    refuseRest(request -> refusal);
  }

  /** No request to the REST API is refused any more. */
  public void acceptRest() {
    refuseRest(request -> null);
  }

  /**
   * Which requests to the REST API are refused from now on.
   *
   * @param plan given method and path, returns {@code "<status> <reason> <message>"} or null
   */
  synchronized void refuseRest(Function<String, @Nullable String> plan) {
    restRefusals = plan;
  }

  /** Why no stream can be opened from now on; null if one can. */
  public synchronized void refuseStreams(@Nullable Status status) {
    streamRefusal = status;
  }

  /** Events that are refused as if their field {@code cost_estimate_usd} were wrong. */
  public synchronized void refuseEvents(Set<String> eventIds) {
    refusedEvents = Set.copyOf(eventIds);
  }

  /**
   * Permissions that are not granted from now on. Only those who ask for them are told; what needs
   * them is done all the same.
   */
  public synchronized void deny(Set<String> permissions) {
    deniedPermissions = Set.copyOf(permissions);
  }

  synchronized boolean isDenied(String permission) {
    return deniedPermissions.contains(permission);
  }

  /** Forgets all streams, as the service does with those that are not used for days. */
  public synchronized void loseStreams() {
    streams.clear();
  }

  public synchronized int streamsOpened() {
    return streamsOpened;
  }

  /** How many requests to append have come. */
  public synchronized int appends() {
    return appends;
  }

  /** Ids of the jobs that were submitted, in order. */
  public synchronized List<String> jobIds() {
    return new ArrayList<>(jobs.keySet());
  }

  @Override
  public void close() {
    rest.stop(0);
    restThreads.shutdownNow();
    write.shutdownNow();
  }

  synchronized Fault nextFault(long offset) {
    appends++;
    return faults.apply(offset);
  }

  synchronized @Nullable Status refusalOfStreams() {
    return streamRefusal;
  }

  synchronized @Nullable String rowFault(FakeTable table, Map<String, Object> row) {
    Object eventId = row.get("event_id");
    return eventId != null && refusedEvents.contains(eventId.toString())
        ? "Field cost_estimate_usd: the value 12345.678 is out of range"
        : table.rowFault(row, true);
  }

  synchronized @Nullable FakeTable table(String resourceName) {
    String[] parts = resourceName.split("/", -1);
    return parts.length == 6 && parts[1].equals(project)
        ? tables.get(key(parts[3], parts[5]))
        : null;
  }

  synchronized String openStream(String table) {
    String name = table + "/streams/s" + ++streamsOpened;
    streams.put(name, new FakeStream(table));
    return name;
  }

  synchronized boolean isOpen(String stream) {
    return streams.containsKey(stream);
  }

  synchronized FakeTable tableOf(String stream) {
    FakeStream open = streams.get(stream);
    FakeTable known = open == null ? null : table(open.table);
    if (known == null) {
      throw new IllegalStateException("no such stream: " + stream);
    }
    return known;
  }

  synchronized long end(String stream) {
    FakeStream open = streams.get(stream);
    return open == null ? 0 : open.end;
  }

  synchronized void write(String stream, FakeTable table, List<Map<String, Object>> rows) {
    FakeStream open = streams.get(stream);
    if (open != null) {
      open.end += rows.size();
      table.rows().addAll(rows);
    }
  }

  synchronized void refuse(String request) throws FakeRestApi.Refusal {
    String refusal = restRefusals.apply(request);
    if (refusal != null) {
      String[] parts = refusal.split(" ", 3);
      throw new FakeRestApi.Refusal(Integer.parseInt(parts[0]), parts[1], parts[2]);
    }
  }

  synchronized JsonObject createDataset(String owner, JsonObject dataset)
      throws FakeRestApi.Refusal {
    String name = dataset.getAsJsonObject("datasetReference").get("datasetId").getAsString();
    if (datasets.containsKey(name)) {
      throw new FakeRestApi.Refusal(409, "duplicate", "Already Exists: Dataset " + owner + name);
    }
    if (!dataset.has("location")) {
      dataset.addProperty("location", "US");
    }
    datasets.put(name, dataset);
    return dataset;
  }

  synchronized JsonObject dataset(String owner, String name) throws FakeRestApi.Refusal {
    JsonObject known = datasets.get(name);
    if (known == null) {
      throw new FakeRestApi.Refusal(404, "notFound", "Not found: Dataset " + owner + ":" + name);
    }
    return known;
  }

  synchronized JsonObject createTable(String owner, String dataset, JsonObject table)
      throws FakeRestApi.Refusal {
    JsonObject unused = dataset(owner, dataset);
    String name = table.getAsJsonObject("tableReference").get("tableId").getAsString();
    if (tables.containsKey(key(dataset, name))) {
      throw new FakeRestApi.Refusal(409, "duplicate", "Already Exists: Table " + name);
    }
    table.addProperty("type", table.has("view") ? "VIEW" : "TABLE");
    tables.put(key(dataset, name), new FakeTable(table));
    return table;
  }

  synchronized FakeTable requireTable(String owner, String dataset, String name)
      throws FakeRestApi.Refusal {
    JsonObject unused = dataset(owner, dataset);
    FakeTable known = tables.get(key(dataset, name));
    if (known == null) {
      throw new FakeRestApi.Refusal(404, "notFound", "Not found: Table " + name);
    }
    return known;
  }

  synchronized JsonObject job(String owner, String id) throws FakeRestApi.Refusal {
    JsonObject known = jobs.get(id);
    if (known == null) {
      throw new FakeRestApi.Refusal(404, "notFound", "Not found: Job " + owner + ":" + id);
    }
    return known;
  }

  synchronized void addJob(JsonObject job) throws FakeRestApi.Refusal {
    String id = job.getAsJsonObject("jobReference").get("jobId").getAsString();
    if (jobs.putIfAbsent(id, job) != null) {
      throw new FakeRestApi.Refusal(409, "duplicate", "Already Exists: Job " + id);
    }
  }

  synchronized String beginUpload(String owner, JsonObject job) throws FakeRestApi.Refusal {
    String id = job.getAsJsonObject("jobReference").get("jobId").getAsString();
    if (jobs.containsKey(id)) {
      throw new FakeRestApi.Refusal(409, "duplicate", "Already Exists: Job " + owner + ":" + id);
    }
    uploads.put(id, job);
    return id;
  }

  synchronized JsonObject endUpload(String upload) throws FakeRestApi.Refusal {
    JsonObject job = uploads.remove(upload);
    if (job == null || jobs.containsKey(upload)) {
      throw new FakeRestApi.Refusal(409, "duplicate", "Already Exists: Job " + upload);
    }
    jobs.put(upload, job);
    return job;
  }

  private static JsonObject datasetResource(String name) {
    JsonObject reference = new JsonObject();
    reference.addProperty("datasetId", name);
    JsonObject dataset = new JsonObject();
    dataset.add("datasetReference", reference);
    dataset.addProperty("location", "US");
    return dataset;
  }

  private static String key(String dataset, String table) {
    return dataset + "." + table;
  }
}
