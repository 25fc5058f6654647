using System.Runtime.InteropServices;
using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Vitals;

namespace EcgStream.Daemon.Storage.Sqlite;

internal enum StoreRowKind : byte
{
    Result,
    Beat,
    Vitals,
}

/// <summary>One row on its way into the database; a struct, so that waiting beats and vitals allocate nothing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoreRow(StoreRowKind Kind, RhythmResult? Result, ClassifiedBeat Beat, VitalsSecond Vitals);
