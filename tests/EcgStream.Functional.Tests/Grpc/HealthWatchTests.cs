using EcgStream.Protocol.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace EcgStream.Functional.Tests.Grpc;

/// <summary>grpc.health.v1 and grpc.reflection.v1 of a running daemon.</summary>
public sealed class HealthWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_StageFailsAndRecovers_OnlyItsServicesAreNotServing()
    {
        var isBroken = false;
        await using var daemon = await TestDaemon.StartWithAsync(builder => builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
            options.Registrations.Single(r => r.Name == "alarms").Factory = _ => new Switch(() => !Volatile.Read(ref isBroken))));
        var health = new Health.HealthClient(daemon.Channel);
        using var watch = health.Watch(new HealthCheckRequest { Service = "ecgstream.v1.Alerts" }, cancellationToken: Cancellation);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        Volatile.Write(ref isBroken, true);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation)).Status);
        var ingest = await health.CheckAsync(new HealthCheckRequest { Service = "ecgstream.v1.Ingest" }, cancellationToken: Cancellation);
        Assert.Equal(ServingStatus.Serving, ingest.Status);

        Volatile.Write(ref isBroken, false);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var health = new Health.HealthClient(daemon.Channel);
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new HealthCheckRequest { Service = "no.Such" }));
        Assert.Equal(StatusCode.NotFound, fault.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reflection_BySetting_TellsTheServicesOrIsNotThere(bool isOn)
    {
        await using var daemon = await TestDaemon.StartAsync(null, $"--Ingest:Grpc:Reflection={isOn}");
        using var call = new ServerReflection.ServerReflectionClient(daemon.Channel).ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Cancellation);
        await call.RequestStream.CompleteAsync();
        if (isOn)
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Contains(Alerts.Descriptor.FullName, call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
            return;
        }

        var fault = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.Unimplemented, fault.StatusCode);
    }

    [Fact]
    public async Task Limits_MessageOverTheSetting_EndsTheCallWithWhatToDo()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Ingest:Grpc:MaxMessageBytes=600000");
        using var call = new Protocol.V1.Ingest.IngestClient(daemon.Channel).StreamSamples(cancellationToken: Cancellation);
        var fault = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            // The refusal comes while the message is still being written, and ends the write, or after it, and ends the read.
            await call.RequestStream.WriteAsync(new SampleChunk { Samples = Google.Protobuf.ByteString.CopyFrom(new byte[700_000]) }, Cancellation);
            await call.ResponseStream.MoveNext(Cancellation);
        });
        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Waiting.Patience);
        Assert.True(await watch.ResponseStream.MoveNext(patience.Token));
        return watch.ResponseStream.Current.Status;
    }

    private sealed class Switch(Func<bool> isWell) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(isWell() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("switched off by the test"));
    }
}
