namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Who did what to what, for the record.</summary>
/// <param name="AtUnixNs">The daemon's clock.</param>
/// <param name="Actor">User, or the part of the daemon that acted by itself.</param>
/// <param name="Action">Verb, e.g. <c>acknowledge</c>, <c>start</c>.</param>
/// <param name="Subject">Id of what was acted on: alarm, device, file.</param>
/// <param name="Detail">Anything more, empty when there is nothing.</param>
public sealed record AuditEntry(long AtUnixNs, string Actor, string Action, string Subject, string Detail);
