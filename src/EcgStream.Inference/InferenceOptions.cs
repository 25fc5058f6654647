using System.ComponentModel.DataAnnotations;

namespace EcgStream.Inference;

/// <summary>Which models run, where, and how their windows are batched.</summary>
public sealed class InferenceOptions
{
    public const string SectionName = "Inference";

    /// <summary>Folder of NAME/card.json + NAME/model.onnx; relative to the program's own folder.</summary>
    [Required]
    public string ModelsPath { get; set; } = "models";

    /// <summary>Models of the folder's own folder <c>optional</c> to run as well, by name; a list, or one text with commas. Each costs memory and processor time for every window.</summary>
    [Required]
    public IReadOnlyList<string> OptionalModels { get; set; } = [];

    /// <summary>Where the models run. <c>Auto</c> takes a GPU where there is one; <c>Cuda</c> stops the start where there is none.</summary>
    public InferenceDevice Device { get; set; }

    /// <summary>Which GPU, where there are several.</summary>
    [Range(0, 63)]
    public int CudaDeviceId { get; set; }

    /// <summary>Memory of the GPU that each model may take. A model that needs more goes to the CPU; it is taken as it is needed, so a large limit costs nothing.</summary>
    [Range(64L << 20, 1L << 40)]
    public long CudaMemoryLimitBytes { get; set; } = 2L << 30;

    /// <summary>Runs the models through TensorRT on the GPU: more windows per second, a start that builds its engines for minutes, and scores that differ from the CPU's in the third or fourth decimal.</summary>
    public bool TensorRt { get; set; }

    /// <summary>Folder in which TensorRT keeps the engines that it built, so that the next start is fast; empty = it builds them at each start.</summary>
    public string TensorRtCachePath { get; set; } = "";

    /// <summary>Windows of a full batch. Larger ones raise the throughput of a GPU and the memory of each run.</summary>
    [Range(1, 1024)]
    public int MaxBatch { get; set; } = 32;

    /// <summary>Batch sizes that are run and warmed up, rising to <see cref="MaxBatch"/>; empty = 1, 2, 4, … up to it. Batches are padded to the next.</summary>
    [Required]
    public IReadOnlyList<int> BatchSizes { get; set; } = [];

    /// <summary>Longest wait of a window for others to join its batch; it adds to the latency of every result. Zero runs what is there.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Threads of one run on the CPU; 0 = half of the processors, so that ingest keeps its share.</summary>
    [Range(0, 256)]
    public int IntraOpThreads { get; set; }

    /// <summary>Windows that may wait for one model. Memory: one prepared window each, 40 KB for 8 leads × 1250 samples.</summary>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 2048;

    /// <summary>Which window is lost when a model's queue is full: the one that has waited longest, so that what is shown stays current, or the one that comes.</summary>
    public QueueFullMode WhenFull { get; set; }

    /// <summary>How long a stop waits for the windows that are queued; what is left then is counted as dropped.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A model whose oldest window has waited longer is behind: health is Degraded, and beats have no class in time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LagLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before a model that failed again right after it was loaded again is loaded once more; it doubles up to <see cref="MaxReloadDelay"/>. Until then its windows have no result.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReloadDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest such pause.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan MaxReloadDelay { get; set; } = TimeSpan.FromSeconds(30);
}
