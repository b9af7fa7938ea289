//! What the ledger (톡캐시) has to say beside its statement.

use super::{Desk, Output};

impl Desk {
    /// Tells what the ledger announced since this was done last, and that it stands still when it begins to.
    pub(super) fn tell_of_ledger(&mut self) {
        let Some(account) = &mut self.account else {
            return;
        };
        if account.announced() != self.announced {
            self.announced = account.announced();
            let notices = account.take_notices().into_iter().map(Output::LedgerNotice);
            self.others.extend(notices);
            let wanted = account.take_top_up_request().map(Output::TopUpWanted);
            self.others.extend(wanted);
        }
        let fault = account.fault().map(happytalk_billing::Error::code);
        if let Some(code) = fault.filter(|_| !self.stands_still) {
            self.pass_over(code);
        }
        self.stands_still = fault.is_some();
    }

    /// After a restore: the notices were told when they came about. A top-up that is still wanted is asked for again, since
    /// nobody knows whether somebody paid; its key has it booked once.
    pub(super) fn told_before(&mut self) {
        let Some(account) = &mut self.account else {
            return;
        };
        self.announced = account.announced();
        account.take_notices();
        let wanted = account.take_top_up_request();
        if let Some(request) = wanted.filter(|request| account.still_wants(request)) {
            self.others.push_back(Output::TopUpWanted(request));
        }
    }
}
