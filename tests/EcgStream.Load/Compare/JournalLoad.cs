using System.Diagnostics;
using System.Diagnostics.Metrics;
using EcgStream.Daemon.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EcgStream.Load.Compare;

/// <summary>Appends to the journal as fast as it takes them; counted where they are on disk.</summary>
internal static class JournalLoad
{
    public static async Task<double> RunAsync(CompareOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-journal-").FullName;
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var counter = new Counter();
        try
        {
            using var journal = new ChunkJournal(
                Options.Create(new JournalOptions { Directory = folder }), new JournalMetrics(meters.GetRequiredService<IMeterFactory>()), TimeProvider.System,
                NullLogger<ChunkJournal>.Instance);
            journal.Open();
            var payload = new byte[options.PayloadBytes];
            var clock = Stopwatch.StartNew();
            var appended = 0L;
            while (clock.Elapsed.TotalSeconds < options.Seconds)
            {
                var entry = new JournalEntry("load-1", JournalTransport.Mqtt, appended, appended, appended + 1, payload);
                if (journal.TryAppend(entry, counter) == JournalAppendStatus.Accepted)
                {
                    appended++;
                }
                else
                {
                    await journal.WaitForSpaceAsync();
                }
            }

            while (Volatile.Read(ref counter.Committed) < appended && clock.Elapsed.TotalSeconds < options.Seconds + 30)
            {
                await Task.Delay(1);
            }

            return counter.Committed / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Counter : IJournalCompletion
    {
        public long Committed;

        public void OnCommitted(ulong token, JournalPosition position) => Committed++; // the journal's one writer thread

        public void OnFailed(ulong token, JournalException reason) => throw new InvalidOperationException("An append failed.", reason);
    }
}
