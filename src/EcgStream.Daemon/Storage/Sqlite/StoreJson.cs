using System.Text.Json.Serialization;

namespace EcgStream.Daemon.Storage.Sqlite;

[JsonSerializable(typeof(string[]))]
internal sealed partial class StoreJson : JsonSerializerContext;
