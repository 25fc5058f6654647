using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Simulator.Fleet;
using EcgStream.Simulator.Synth;
using EcgStream.Simulator.Tests.Streaming;

namespace EcgStream.Simulator.Tests.Fleet;

public sealed class SyntheticFleetTests
{
    [Fact]
    public async Task Run_PatientsOverBothTransports_AllTheirChunksArrive()
    {
        await using var daemon = await TestDaemon.StartAsync();
        await using var broker = await TestBroker.StartAsync();
        SyntheticPatient[] patients =
        [
            new("demo-1", new SynthSpec { Seed = 1 }, StreamTransport.Grpc),
            new("demo-2", new SynthSpec { Seed = 2, Leads = [Lead.II], Rhythm = RhythmKind.AtrialFibrillation }, StreamTransport.Mqtt),
            new("demo-3", new SynthSpec { Seed = 3, SampleRateHz = 250 }, StreamTransport.Mqtt),
        ];
        var options = new FleetOptions { Chunk = TimeSpan.FromMilliseconds(100), Stream = Chunks.Quick };
        var totals = await SyntheticFleet.RunAsync(
            patients, new FleetEndpoints(daemon.Endpoint, broker.Endpoint), TimeSpan.FromSeconds(1), options, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(patients.Select(patient => patient.DeviceId), totals.Select(total => total.DeviceId));
        Assert.All(totals, total => Assert.Equal((10, 10, 0, null), (total.Chunks.Sent, total.Chunks.Acked, total.Chunks.Unanswered, total.Fault)));
        Assert.Equal([500, 500, 250], totals.Select(total => total.SamplesPerLead));

        // What arrived is what the synthesizer makes, rounded to microvolts.
        var expected = new float[12 * 500];
        new EcgSynthesizer(patients[0].Signal).Read(expected, 500);
        var chunk = daemon.Behaviour.Journal.First();
        Assert.Equal(Math.Round(expected[0] * 1000.0), BitConverter.ToInt16(chunk.Samples.Span));
        Assert.True(daemon.Behaviour.Journal.Last().EndOfSession);
    }

    [Fact]
    public async Task Run_Cancelled_EndsEachSessionInOrder()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var ending = new CancellationTokenSource();
        daemon.Behaviour.Journaled = chunk =>
        {
            if (chunk.Sequence == 3)
            {
                ending.Cancel();
            }
        };
        var options = new FleetOptions { Chunk = TimeSpan.FromMilliseconds(50), Stream = Chunks.Quick };
        var totals = await SyntheticFleet.RunAsync(
            [new SyntheticPatient("demo-1", new SynthSpec(), StreamTransport.Grpc)], new FleetEndpoints(daemon.Endpoint, null), Timeout.InfiniteTimeSpan, options, TimeProvider.System, ending.Token);
        Assert.Null(Assert.Single(totals).Fault);
        Assert.True(daemon.Behaviour.Journal.Last().EndOfSession);
        Assert.Equal(1, daemon.Behaviour.Journal.Count(chunk => chunk.EndOfSession));
    }

    [Fact]
    public async Task Run_TwoPatientsOfOneId_IsRefused()
    {
        var patient = new SyntheticPatient("demo-1", new SynthSpec(), StreamTransport.Grpc);
        await Assert.ThrowsAsync<ArgumentException>(() => SyntheticFleet.RunAsync(
            [patient, patient], new FleetEndpoints(new StreamEndpoint(StreamTransport.Grpc, "localhost", 1), null), TimeSpan.FromSeconds(1), new FleetOptions(), TimeProvider.System, TestContext.Current.CancellationToken));
    }
}
