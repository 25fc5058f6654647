using EcgStream.Core.Signals;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using CoreLead = EcgStream.Core.Signals.Lead;
using CoreReason = EcgStream.Core.Signals.RefusalReason;
using WireLead = EcgStream.Protocol.V1.Lead;
using WireReason = EcgStream.Protocol.V1.RefusalReason;

namespace EcgStream.Daemon.Tests.Ingest;

/// <summary>The decoder that is written by hand against the code that protoc generates from the contract.</summary>
public sealed class ChunkDecoderContractTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryDecode_WhatProtobufWrites_GivesTheSameChunk(int seed)
    {
        var random = new Random(seed);
        var ids = new DeviceIdTable(64);
        for (var round = 0; round < 500; round++)
        {
            var chunk = Random(random);
            var bytes = chunk.ToByteArray();
            Assert.True(ChunkDecoder.TryDecode(bytes, ids, out var header, out var refusal), $"seed {seed}, round {round}: {refusal.Message}");
            Assert.Equal(chunk.DeviceId, header.DeviceId);
            Assert.Equal(chunk.SessionId, header.SessionId);
            Assert.Equal(chunk.Sequence, header.Sequence);
            Assert.Equal((long)chunk.DeviceTimeUnixNs, header.DeviceTimeUnixNs);
            Assert.Equal(chunk.SampleRateHz, header.SampleRateHz);
            Assert.Equal(chunk.SamplesPerLead, (uint)header.SamplesPerLead);
            Assert.Equal(chunk.GainMicrovoltsPerLsb, header.GainMicrovoltsPerLsb);
            Assert.Equal(chunk.BaselineLsb, header.BaselineLsb);
            Assert.Equal(chunk.ElectrodesOff, header.ElectrodesOff);
            Assert.Equal(chunk.EndOfSession, header.EndOfSession);
            Assert.Equal(chunk.Leads.Select(lead => (int)lead), Enumerable.Range(0, header.Leads.Count).Select(i => (int)header.Leads[i]));
            Assert.True(chunk.Samples.Span.SequenceEqual(bytes.AsSpan(header.SamplesOffset, header.SamplesLength)));
        }
    }

    [Fact]
    public void Enums_OfCoreAndContract_HaveTheSameNumbers()
    {
        Assert.Equal(Enum.GetValues<WireReason>().Select(reason => (int)reason), Enum.GetValues<CoreReason>().Select(reason => (int)reason));
        Assert.Equal(Enum.GetValues<WireLead>().Select(lead => (int)lead), Enum.GetValues<CoreLead>().Select(lead => (int)lead));
    }

    private static SampleChunk Random(Random random)
    {
        var leads = Enumerable.Range(1, 16).OrderBy(_ => random.Next()).Take(random.Next(2, 13)).Select(number => (WireLead)number).ToArray();
        var rate = 100 + (random.NextDouble() * 900);
        var samples = random.Next((int)Math.Ceiling(rate * 0.02), (int)(rate * 2));
        var bytes = new byte[leads.Length * samples * 2];
        random.NextBytes(bytes);
        var chunk = new SampleChunk
        {
            DeviceId = new string('d', random.Next(1, 60)) + random.Next(1000),
            SessionId = (ulong)random.NextInt64(1, long.MaxValue),
            Sequence = random.Next(4) == 0 ? 0 : (ulong)random.NextInt64(),
            DeviceTimeUnixNs = (ulong)random.NextInt64(4_000_000_000_000_000_000),
            SampleRateHz = rate,
            SamplesPerLead = (uint)samples,
            GainMicrovoltsPerLsb = 0.1 + random.NextDouble(),
            BaselineLsb = random.Next(short.MinValue, short.MaxValue + 1),
            ElectrodesOff = (uint)random.Next(0x400),
            EndOfSession = random.Next(2) == 0,
            Samples = ByteString.CopyFrom(bytes),
        };
        chunk.Leads.Add(leads);
        return chunk;
    }
}
