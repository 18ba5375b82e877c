// Sends twenty calls with the exporter of OpenTelemetry for Node, and ends.
const { BasicTracerProvider, BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');

const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'node', 'tenant.id': 'clinic-node' }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ compression: 'gzip' }), { maxExportBatchSize: 8 })],
});
const tracer = provider.getTracer('test');
for (let i = 0; i < 20; i++) {
  const span = tracer.startSpan('chat gpt-4o');
  span.setAttributes({
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 3,
  });
  span.end();
}
provider.shutdown().then(() => console.log('sent'));
