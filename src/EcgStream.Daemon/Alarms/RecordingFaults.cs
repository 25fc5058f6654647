using EcgStream.Core.Alarms;
using EcgStream.Daemon.Journal;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Alarms;

/// <summary>The samples are watched, but not kept.</summary>
internal sealed class ChunksNotRecorded(ChunkJournal journal) : IDaemonFault
{
    public AlarmCondition Condition => AlarmCondition.RecordingSuspended;

    public string? Describe() => journal.State == JournalState.Failed ? "Signals are not recorded" : null;
}

/// <summary>What the models say is shown, but not kept.</summary>
internal sealed class ResultsNotStored(ResultStore store) : IDaemonFault
{
    public AlarmCondition Condition => AlarmCondition.RecordingSuspended;

    public string? Describe() => store.FailureReason is not null ? "Results are not stored" : null;
}

/// <summary>Alarms are published, but not kept.</summary>
internal sealed class AlarmsNotStored(AlarmStorer storer) : IDaemonFault
{
    public AlarmCondition Condition => AlarmCondition.RecordingSuspended;

    public string? Describe() => storer.FailureReason is not null ? "Alarms are not stored" : null;
}

/// <summary>What was kept may be lost: told for as long as the process runs, as somebody has to look at the file.</summary>
internal sealed class DatabasesDamaged(SqliteDatabases databases) : IDaemonFault
{
    public AlarmCondition Condition => AlarmCondition.StorageDamaged;

    public string? Describe() => databases.SetAside.Count == 0 ? null
        : $"A database was damaged and is begun anew: {string.Join(", ", databases.SetAside.Select(Path.GetFileName))} kept aside";
}
