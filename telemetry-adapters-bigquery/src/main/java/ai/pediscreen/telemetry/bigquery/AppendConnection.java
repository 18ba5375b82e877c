package ai.pediscreen.telemetry.bigquery;

import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ClientStream;
import com.google.api.gax.rpc.ResponseObserver;
import com.google.api.gax.rpc.StreamController;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call of AppendRows, which stays open: a request is sent, and its answer awaited before the
 * next. After a failure it is of no use any more. Used by one thread.
 */
final class AppendConnection implements AutoCloseable {

  private final Duration patience;
  private final BlockingQueue<AppendRowsResponse> answers = new LinkedBlockingQueue<>();
  private final ClientStream<AppendRowsRequest> requests;
  private volatile @Nullable StreamController call;
  private volatile @Nullable Throwable failure;

  /**
   * Opens the call.
   *
   * @param patience how long an answer is waited for
   */
  AppendConnection(BigQueryWriteClient client, String stream, Duration patience) {
    this.patience = patience;
    GrpcCallContext context =
        GrpcCallContext.createDefault()
            // Without it the service does not find where the stream lives.
            .withExtraHeaders(Map.of("x-goog-request-params", List.of("write_stream=" + stream)));
    this.requests = client.appendRowsCallable().splitCall(new Answers(), context);
  }

  /**
   * Sends a request and returns its answer; a connection that broke is an answer too.
   *
   * @param meanwhile is done before the answer is waited for; after it has thrown, this connection
   *     is of no use any more
   */
  AppendRowsResponse send(AppendRowsRequest request, Runnable meanwhile) {
    try {
      requests.send(request);
    } catch (IllegalStateException e) {
      // The call had ended before; its observer was told why.
      AppendRowsResponse answer = answers.poll();
      return answer == null ? error(Code.UNAVAILABLE, "the connection is closed") : answer;
    }
    meanwhile.run();
    try {
      AppendRowsResponse answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        return error(Code.DEADLINE_EXCEEDED, "no answer within " + patience);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(Code.CANCELLED, "interrupted");
    }
  }

  /** Why the connection broke, if it did. */
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void close() {
    StreamController open = call;
    if (open != null) {
      open.cancel();
    }
  }

  private static AppendRowsResponse error(Code code, String message) {
    return AppendRowsResponse.newBuilder()
        .setError(Status.newBuilder().setCode(code.getNumber()).setMessage(message))
        .build();
  }

  private final class Answers implements ResponseObserver<AppendRowsResponse> {
    @Override
    public void onStart(StreamController controller) {
      call = controller;
    }

    @Override
    public void onResponse(AppendRowsResponse response) {
      answers.add(response);
    }

    @Override
    public void onError(Throwable thrown) {
      failure = thrown;
      Status status = StatusProto.fromThrowable(thrown);
      answers.add(
          status == null
              ? error(Code.UNKNOWN, String.valueOf(thrown.getMessage()))
              : AppendRowsResponse.newBuilder().setError(status).build());
    }

    @Override
    public void onComplete() {
      answers.add(error(Code.UNAVAILABLE, "the service has closed the connection"));
    }
  }
}
