using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace EcgStream.Functional.Tests.Packages;

/// <summary>
/// The members of the packages in src/standins that the product is compiled against, as its assemblies name them. The list holds those that
/// were compared with the official packages: whoever uses another one compares it too, and writes it down.
/// </summary>
public sealed class PackageSurfaceTests
{
    private static readonly string[] Products = ["EcgStream.Client", "EcgStream.Inference", "EcgStream.Protocol", "ecgsim", "ecgstreamd"];

    private static readonly string[] Packages = ["MQTTnet.", "InfluxDB.", "Grpc.", "Microsoft.ML.OnnxRuntime."];

    /// <summary>The official ones in every build.</summary>
    private static readonly string[] OfTheFeed = ["Grpc.AspNetCore.Server.", "Grpc.Net.Client."];

    [Fact]
    public void Product_UsesOnlyMembersThatWereComparedWithTheOfficialPackages()
    {
        var compared = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Packages", "package-surface.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').ToHashSet(StringComparer.Ordinal);
        var used = Products.SelectMany(MembersUsedBy).Where(IsOfAPackage).ToHashSet(StringComparer.Ordinal);
        Assert.Equal("", string.Join('\n', used.Except(compared).Order(StringComparer.Ordinal)));
        Assert.Equal("", string.Join('\n', compared.Except(used).Order(StringComparer.Ordinal)));
    }

    // Extension methods of the gRPC packages live beside the types that they extend.
    private static bool IsOfAPackage(string member) =>
        (Packages.Any(package => member.StartsWith(package, StringComparison.Ordinal)) && !OfTheFeed.Any(package => member.StartsWith(package, StringComparison.Ordinal)))
        || member.Contains(".GrpcHealthChecks", StringComparison.Ordinal) || member.Contains(".GrpcReflection", StringComparison.Ordinal);

    private static List<string> MembersUsedBy(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var metadata = file.GetMetadataReader();
        var names = new SignatureNames();
        var members = new List<string>();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            var parent = member.Parent.Kind switch
            {
                HandleKind.TypeReference => names.GetTypeFromReference(metadata, (TypeReferenceHandle)member.Parent, 0),
                HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(names, null).Split('<')[0],
                _ => "",
            };
            if (member.GetKind() == MemberReferenceKind.Method)
            {
                var signature = member.DecodeMethodSignature(names, null);
                members.Add($"{parent}.{metadata.GetString(member.Name)}({string.Join(", ", signature.ParameterTypes)}) : {signature.ReturnType}");
            }
            else
            {
                members.Add($"{parent}.{metadata.GetString(member.Name)} : {member.DecodeFieldSignature(names, null)}");
            }
        }

        return members;
    }
}
