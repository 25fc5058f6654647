using Grpc.Core;

namespace EcgStream.StandIns.Tests.Grpc;

/// <summary>What the values of the surface promise to user code.</summary>
public sealed class GrpcSurfaceTests
{
    [Fact]
    public void Metadata_Get_IsLastOfTheKeyWhateverItsCase()
    {
        var metadata = new Metadata { { "Key", "one" }, { "other", "x" }, { "key", "two" } };
        Assert.Equal("two", metadata.GetValue("KEY"));
        Assert.Equal(["one", "two"], metadata.GetAll("key").Select(entry => entry.Value));
        Assert.Null(metadata.Get("missing"));
    }

    [Fact]
    public void MetadataEntry_BinaryKey_TakesBytesOnlyAndCopiesThem()
    {
        byte[] bytes = [1, 2, 3];
        var entry = new Metadata.Entry("Proof-Bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;
        Assert.Equal("proof-bin", entry.Key);
        Assert.True(entry.IsBinary);
        Assert.Equal([1, 2, 3], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("proof-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("proof", bytes));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("é")]
    public void MetadataEntry_KeyThatNoHeaderMayHave_IsRefused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));

    [Fact]
    public void MetadataEmpty_Add_IsRefused() => Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));

    [Fact]
    public void CallOptions_With_ChangesOnlyTheCopy()
    {
        var headers = new Metadata { { "a", "b" } };
        var first = new CallOptions(headers);
        var second = first.WithWaitForReady().WithDeadline(DateTime.UnixEpoch).WithWriteOptions(new WriteOptions(WriteFlags.NoCompress));
        Assert.False(first.IsWaitForReady);
        Assert.Null(first.Deadline);
        Assert.Same(headers, second.Headers);
        Assert.True(second.IsWaitForReady);
        Assert.Equal(DateTime.UnixEpoch, second.Deadline);
        Assert.Equal(WriteFlags.NoCompress, second.WriteOptions!.Flags);
    }

    [Fact]
    public void RpcException_StatusWithException_CarriesIt()
    {
        var cause = new IOException("broken");
        var failure = new RpcException(new Status(StatusCode.Unavailable, "gone", cause));
        Assert.Same(cause, failure.InnerException);
        Assert.Equal("Status(StatusCode=\"Unavailable\", Detail=\"gone\", DebugException=\"System.IO.IOException: broken\")", failure.Message);
        Assert.Empty(failure.Trailers);
    }

    [Fact]
    public void ChannelCredentials_CallCredentialsOverPlainHttp_AreRefused()
    {
        var call = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, call));
        Assert.NotNull(ChannelCredentials.Create(ChannelCredentials.SecureSsl, call));
    }

    [Fact]
    public async Task StreamWriter_CancellationItDoesNotKnow_IsRefusedNotIgnored()
    {
        IAsyncStreamWriter<string> writer = new PlainWriter();
        using var source = new CancellationTokenSource();
        await writer.WriteAsync("one", CancellationToken.None);
        await Assert.ThrowsAsync<NotSupportedException>(() => writer.WriteAsync("two", source.Token));
    }

    private sealed class PlainWriter : IAsyncStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message) => Task.CompletedTask;
    }
}
