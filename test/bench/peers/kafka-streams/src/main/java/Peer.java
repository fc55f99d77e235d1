import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What a Java user would write: Kafka Streams with exactly_once_v2 on one thread, and a processor that collects records and
 * predicts them together with ONNX Runtime.
 *
 * <p>Arguments: BROKERS SOURCE SINK MODEL COUNT FORMAT, which is JSON or FLOAT32. Predicts COUNT records and ends; with 0 it goes on until it is killed. Prints
 * `first MS` when it has its first record and `last MS` when all were predicted, in milliseconds since 1970: its last commit,
 * up to 100 ms later, is not counted against it.
 */
public final class Peer {
  private static final int BATCH_RECORDS = 1000;
  private static final Duration FLUSH_EVERY = Duration.ofMillis(20);
  private static final JsonFactory JSON = new JsonFactory();

  public static void main(String[] arguments) throws Exception {
    String source = arguments[1];
    String sink = arguments[2];
    long count = Long.parseLong(arguments[4]);
    boolean raw = arguments[5].equals("FLOAT32");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    OrtSession model = environment.createSession(arguments[3], options);
    CountDownLatch all = new CountDownLatch(1);
    AtomicLong done = new AtomicLong();
    Topology topology = new Topology();
    topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), source);
    topology.addProcessor("predict", () -> new Predictor(environment, model, raw, new Goal(count, done, all)), "in");
    topology.addSink("out", sink, new ByteArraySerializer(), new ByteArraySerializer(), "predict");
    KafkaStreams streams = new KafkaStreams(topology, settings(arguments[0]));
    streams.start();
    all.await();
    tell("last");
    streams.close(Duration.ofSeconds(20));
  }

  private static Properties settings(String brokers) throws IOException {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-" + UUID.randomUUID());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 8000);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, Files.createTempDirectory("streams").toString());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 4000);
    settings.put(StreamsConfig.producerPrefix("linger.ms"), 5);
    settings.put(StreamsConfig.producerPrefix("batch.size"), 256 * 1024);
    return settings;
  }

  static synchronized void tell(String what) {
    System.out.println(what + " " + System.currentTimeMillis());
  }

  private record Goal(long count, AtomicLong done, CountDownLatch all) {
    void add(int records) {
      if (count > 0 && done.addAndGet(records) >= count) all.countDown();
    }
  }

  private static final class Predictor implements Processor<byte[], byte[], byte[], byte[]> {
    private static boolean begun;
    private final OrtEnvironment environment;
    private final OrtSession model;
    private final String input;
    private final boolean raw;
    private final Goal goal;
    private final List<Record<byte[], byte[]>> waiting = new ArrayList<>();
    private float[] row = new float[16];
    private ProcessorContext<byte[], byte[]> context;

    Predictor(OrtEnvironment environment, OrtSession model, boolean raw, Goal goal) {
      this.environment = environment;
      this.model = model;
      this.input = model.getInputNames().iterator().next();
      this.raw = raw;
      this.goal = goal;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
      context.schedule(FLUSH_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> flush());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (!begun) {
        begun = true;
        tell("first");
      }
      waiting.add(record);
      if (waiting.size() >= BATCH_RECORDS) flush();
    }

    private void flush() {
      if (waiting.isEmpty()) return;
      try {
        predict();
      } catch (IOException | OrtException error) {
        throw new IllegalStateException(error);
      }
      goal.add(waiting.size());
      waiting.clear();
    }

    private void predict() throws IOException, OrtException {
      int rows = waiting.size();
      int width = read(waiting.get(0).value());
      float[] tensor = new float[rows * width];
      System.arraycopy(row, 0, tensor, 0, width);
      for (int i = 1; i < rows; i++) {
        read(waiting.get(i).value());
        System.arraycopy(row, 0, tensor, i * width, width);
      }
      try (OnnxTensor rowsTensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor), new long[] {rows, width});
          OrtSession.Result outputs = model.run(Map.of(input, rowsTensor))) {
        long[] labels = (long[]) outputs.get(0).getValue();
        float[][] probabilities = (float[][]) outputs.get(1).getValue();
        for (int i = 0; i < rows; i++) {
          context.forward(waiting.get(i).withValue(write(labels[i], probabilities[i])));
        }
      }
    }

    /** Reads `features` into `row` and returns how many there are. */
    private int read(byte[] value) throws IOException {
      if (raw) return readRaw(value);
      int width = 0;
      try (JsonParser parser = JSON.createParser(value)) {
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String field = parser.currentName();
          parser.nextToken();
          if (!field.equals("features")) {
            parser.skipChildren();
            continue;
          }
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (width == row.length) row = java.util.Arrays.copyOf(row, 2 * width);
            row[width++] = parser.getFloatValue();
          }
        }
      }
      return width;
    }

    private int readRaw(byte[] value) {
      FloatBuffer numbers = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      int width = numbers.remaining();
      if (width > row.length) row = new float[width];
      numbers.get(row, 0, width);
      return width;
    }

    private byte[] write(long label, float[] probabilities) throws IOException {
      if (raw) return writeRaw(probabilities);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
      try (JsonGenerator generator = JSON.createGenerator(bytes)) {
        generator.writeStartObject();
        generator.writeNumberField("label", label);
        generator.writeArrayFieldStart("probabilities");
        for (float probability : probabilities) generator.writeNumber(probability);
        generator.writeEndArray();
        generator.writeEndObject();
      }
      return bytes.toByteArray();
    }

    private static byte[] writeRaw(float[] probabilities) {
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * probabilities.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(probabilities);
      return bytes.array();
    }
  }
}
