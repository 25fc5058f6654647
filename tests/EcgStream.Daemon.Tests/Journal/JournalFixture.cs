using System.Buffers.Binary;
using EcgStream.Daemon.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Tests.Journal;

/// <summary>A journal in a folder of its own, which can be opened again as after a restart.</summary>
internal sealed class JournalFixture : IDisposable
{
    private readonly TestMeterFactory _meters = new();

    public JournalFixture(Action<JournalOptions>? configure = null, TimeProvider? time = null, IJournalFiles? files = null)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("ecgj-").FullName;
        Options = new JournalOptions { Directory = Directory, CommitInterval = TimeSpan.Zero, RetryInterval = TimeSpan.FromMilliseconds(10), StallLimit = TimeSpan.FromDays(40) };
        configure?.Invoke(Options);
        Time = time ?? TimeProvider.System;
        Files = files ?? new DiskJournalFiles();
        Journal = Make();
    }

    public string Directory { get; }

    public JournalOptions Options { get; }

    public TimeProvider Time { get; }

    public IJournalFiles Files { get; set; }

    public JournalMetrics Metrics { get; private set; } = null!;

    public ChunkJournal Journal { get; private set; }

    public static JournalEntry Entry(string device, int number, int payloadBytes = 100, long? ingestUnixNs = null)
    {
        var payload = new byte[Math.Max(4, payloadBytes)];
        new Random(number).NextBytes(payload);
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return new JournalEntry(device, JournalTransport.Grpc, ingestUnixNs ?? number, number * 1000L, (number * 1000L) + 1000, payload);
    }

    public static int NumberOf(in JournalRecord record) => BinaryPrimitives.ReadInt32LittleEndian(record.Payload.Span);

    public ChunkJournal Make()
    {
        Metrics = new JournalMetrics(_meters);
        return new ChunkJournal(Microsoft.Extensions.Options.Options.Create(Options), Metrics, Time, NullLogger<ChunkJournal>.Instance, Files);
    }

    public JournalRecoverySummary Reopen()
    {
        Journal.Close();
        Journal = Make();
        return Journal.Open();
    }

    /// <summary>Numbers of all records that can be read, after checking that each is byte for byte what was appended.</summary>
    public List<int> ReadNumbers(JournalReader? reader = null)
    {
        using var opened = reader ?? Journal.OpenReader(JournalPosition.Start);
        var numbers = new List<int>();
        while (opened.TryRead(out var record))
        {
            var number = NumberOf(record);
            var expected = Entry(record.GetDeviceId(), number, record.Payload.Length);
            Assert.True(record.Payload.Span.SequenceEqual(expected.Payload.Span), $"Record {number} was read back changed");
            Assert.Equal(expected.DeviceStartUnixNs, record.DeviceStartUnixNs);
            Assert.Equal(expected.DeviceEndUnixNs, record.DeviceEndUnixNs);
            numbers.Add(number);
        }

        return numbers;
    }

    public void Dispose()
    {
        Journal.Close();
        _meters.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
