package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Device;
import dev.jackpot.config.proto.Runtime.Precision;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * Opens sessions. The thread count of the first one in a process holds for all later ones
 * (TensorFlow shares one pool), so nothing opens a session but through here.
 */
public final class Sessions {
  private Sessions() {}

  /**
   * A session on {@code graph} as the config's runtime asks. The caller closes it, before the
   * graph.
   *
   * @throws ConfigException if it asks for a device that the native library has no kernels for
   */
  public static Session open(Graph graph, Runtime runtime) {
    checkDevice(runtime);
    return new Session(graph, config(runtime));
  }

  /**
   * A session on the CPU whose ops run on the thread that calls it, for small graphs that many
   * threads run at the same time. The caller closes it, before the graph.
   */
  public static Session openOnCallers(Graph graph) {
    ConfigProto config =
        config(Runtime.newBuilder().setDevice(Device.CPU).build()).toBuilder()
            .setInterOpParallelismThreads(-1)
            .build();
    return new Session(graph, config);
  }

  /**
   * Refuses a GPU that TensorFlow would silently replace with the CPU.
   *
   * @throws ConfigException if the config asks for a GPU and the native library is the CPU's
   */
  public static void checkDevice(Runtime runtime) {
    if (runtime.getDevice() == Device.GPU && !mayUseGpu(runtime)) {
      throw new ConfigException(
          "runtime.device: found GPU, but TensorFlow's native library is the one for CPUs;"
              + " start with JACKPOT_GPU=1 (Linux x86_64, CUDA installed), or use AUTO or CPU");
    }
  }

  /** What a session is told that is to run as the config's runtime asks. */
  public static ConfigProto config(Runtime runtime) {
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads(runtime))
            // one op at a time, each on all threads: measured fastest for these networks
            .setInterOpParallelismThreads(1)
            // ops without a GPU kernel run on the CPU
            .setAllowSoftPlacement(true)
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    if (runtime.getDevice() == Device.CPU) {
      config.putDeviceCount("GPU", 0);
    }
    if (runtime.getPrecision() == Precision.BFLOAT16) {
      config.setGraphOptions(
          GraphOptions.newBuilder()
              .setRewriteOptions(
                  RewriterConfig.newBuilder()
                      .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON)));
    }
    return config.build();
  }

  /** Threads of one op: the config's, or as many as there are cores. */
  public static int threads(Runtime runtime) {
    return runtime.getThreads() > 0
        ? runtime.getThreads()
        : java.lang.Runtime.getRuntime().availableProcessors();
  }

  /**
   * Whether ops may land on a GPU: the native library has GPU kernels and the config does not keep
   * to the CPU.
   */
  public static boolean mayUseGpu(Runtime runtime) {
    return runtime.getDevice() != Device.CPU
        && System.getProperty("org.bytedeco.javacpp.platform.extension", "").contains("gpu");
  }
}
