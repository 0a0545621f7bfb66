"""Evidence of a parcel: which photos are due, what the journal proves, the file for a dispute.

Pure. `evidence_of` is what the history at the bench draws; `record_of` and `faults_in` make and
check the file of a dispute.
"""

from packstation.domain.evidence.history import ParcelEvidence as ParcelEvidence
from packstation.domain.evidence.history import Picture as Picture
from packstation.domain.evidence.history import Step as Step
from packstation.domain.evidence.history import evidence_of as evidence_of
from packstation.domain.evidence.proof import EvidenceFile as EvidenceFile
from packstation.domain.evidence.proof import faults_in as faults_in
from packstation.domain.evidence.proof import record_of as record_of
from packstation.domain.evidence.rules import EvidenceRules as EvidenceRules
from packstation.domain.evidence.rules import KeepRule as KeepRule
from packstation.domain.evidence.rules import PhotoRule as PhotoRule
from packstation.domain.evidence.rules import Subject as Subject
from packstation.domain.evidence.rules import VideoRule as VideoRule
from packstation.domain.evidence.rules import keep_days as keep_days
from packstation.domain.evidence.rules import order_value as order_value
from packstation.domain.evidence.rules import photo_due as photo_due
from packstation.domain.evidence.trace import thinned as thinned
