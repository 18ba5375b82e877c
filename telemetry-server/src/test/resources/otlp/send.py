# Sends twenty calls with the exporter of OpenTelemetry for Python, and ends.
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider(resource=Resource({"service.name": "python", "tenant.id": "clinic-python"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), max_export_batch_size=8))
tracer = provider.get_tracer("test")
for _ in range(20):
    with tracer.start_as_current_span("chat gpt-4o") as span:
        span.set_attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": "gpt-4o",
                "gen_ai.usage.input_tokens": 12,
                "gen_ai.usage.output_tokens": 3,
            }
        )
provider.shutdown()
print("sent")
