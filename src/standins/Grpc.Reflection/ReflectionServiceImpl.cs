using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using static Grpc.Reflection.V1Alpha.ServerReflectionRequest;

namespace Grpc.Reflection;

/// <summary><c>grpc.reflection.v1alpha</c>: tells which services there are and how they are declared. Extensions are not looked up.</summary>
public class ReflectionServiceImpl : ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers _answers;

    public ReflectionServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry) => _answers = new ReflectionAnswers(services, symbolRegistry);

    public ReflectionServiceImpl(IEnumerable<ServiceDescriptor> serviceDescriptors) => _answers = new ReflectionAnswers(serviceDescriptors);

    public ReflectionServiceImpl(params ServiceDescriptor[] serviceDescriptors)
        : this((IEnumerable<ServiceDescriptor>)serviceDescriptors)
    {
    }

    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(responseStream);
        while (await requestStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            var answer = Answer(requestStream.Current);
            answer.ValidHost = requestStream.Current.Host;
            answer.OriginalRequest = requestStream.Current;
            await responseStream.WriteAsync(answer).ConfigureAwait(false);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        MessageRequestOneofCase.ListServices => new()
        {
            ListServicesResponse = new ListServiceResponse { Service = { _answers.Services.Select(name => new ServiceResponse { Name = name }) } },
        },
        MessageRequestOneofCase.FileByFilename => Files(_answers.FileByName(request.FileByFilename), "No file of this name is served here."),
        MessageRequestOneofCase.FileContainingSymbol => Files(_answers.FileContainingSymbol(request.FileContainingSymbol), "No file here defines this symbol."),
        _ => Error(StatusCode.Unimplemented, "This server looks up files by name and by symbol, and lists services; extensions it has none."),
    };

    private static ServerReflectionResponse Files(List<ByteString>? files, string problem) => files is null
        ? Error(StatusCode.NotFound, problem)
        : new() { FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files } } };

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
